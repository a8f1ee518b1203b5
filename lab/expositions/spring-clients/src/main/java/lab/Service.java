package lab;

import com.mongodb.client.MongoClient;
import org.bson.Document;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Reads from MongoDB, sends to Kafka and consumes what it sent: as slowly as it is told. */
@SpringBootApplication
@RestController
public class Service {
  private final MongoClient database;
  private final KafkaTemplate<String, String> orders;
  private volatile long processing;

  Service(MongoClient database, KafkaTemplate<String, String> orders) {
    this.database = database;
    this.orders = orders;
  }

  public static void main(String[] args) {
    SpringApplication.run(Service.class, args);
  }

  @GetMapping("/read/{id}")
  String read(@PathVariable String id) {
    database.getDatabase("lab").getCollection("orders").find(new Document("_id", id)).first();
    return id;
  }

  @GetMapping("/send/{id}")
  String send(@PathVariable String id) {
    orders.send("orders", id, id);
    return id;
  }

  /** From now on a record takes so many milliseconds: more than max.poll.interval.ms, and the consumer is out of its group. */
  @GetMapping("/processing/{milliseconds}")
  String processing(@PathVariable long milliseconds) {
    processing = milliseconds;
    return "as told";
  }

  @KafkaListener(topics = "orders")
  void process(String order) throws InterruptedException {
    Thread.sleep(processing);
  }
}
