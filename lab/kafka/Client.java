import java.io.PrintWriter;
import java.nio.file.*;
import java.time.Duration;
import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;
import org.apache.kafka.clients.admin.*;
import org.apache.kafka.clients.consumer.*;
import org.apache.kafka.clients.producer.*;
import org.apache.kafka.common.*;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.serialization.*;

/** The application's side of the lab: `Client PROPERTIES COMMAND …`, with the credentials that the nodes made. */
public class Client {
  public static void main(String[] args) throws Exception {
    var properties = new Properties();
    try (var in = Files.newInputStream(Path.of(args[0]))) {
      properties.load(in);
    }
    var rest = Arrays.copyOfRange(args, 2, args.length);
    switch (args[1]) {
      case "create" -> create(properties, rest[0], Integer.parseInt(rest[1]), Arrays.copyOfRange(rest, 2, rest.length));
      case "create-led" -> createLed(properties, rest[0], Integer.parseInt(rest[1]), rest[2]);
      case "produce" -> produce(properties, rest[0], rest[1], Path.of(rest[2]), Long.parseLong(rest[3]));
      case "consume" -> consume(properties, rest[0], Path.of(rest[1]));
      case "await-isr" -> awaitIsr(properties, rest[0], Integer.parseInt(rest[1]), Integer.parseInt(rest[2]));
      case "leader" -> leader(properties, rest[0]);
      case "configuration" -> configuration(properties, rest[0]);
      case "delete-forbidden" -> deleteForbidden(properties, rest[0]);
      default -> throw new IllegalArgumentException(args[1]);
    }
  }

  /** create TOPIC PARTITIONS NAME=VALUE…: with the brokers' own replication factor. */
  static void create(Properties properties, String topic, int partitions, String[] settings) throws Exception {
    var configs = new HashMap<String, String>();
    for (var setting : settings) configs.put(setting.split("=")[0], setting.split("=")[1]);
    try (var admin = Admin.create(properties)) {
      var wanted = new NewTopic(topic, Optional.of(partitions), Optional.empty()).configs(configs);
      admin.createTopics(List.of(wanted)).all().get();
    }
  }

  /** create-led TOPIC NODE MIN_ISR: one partition, led by NODE. */
  static void createLed(Properties properties, String topic, int leader, String minIsr) throws Exception {
    var replicas = new ArrayList<>(List.of(1, 2, 3));
    Collections.swap(replicas, 0, leader - 1);
    try (var admin = Admin.create(properties)) {
      var wanted = new NewTopic(topic, Map.of(0, replicas)).configs(Map.of("min.insync.replicas", minIsr));
      admin.createTopics(List.of(wanted)).all().get();
    }
  }

  /**
   * produce TOPIC ACKS FILE COUNT: sends 0, 1, 2 … about a thousand a second, COUNT of them or, if 0, until FILE.stop exists;
   * FILE gets every number that was acknowledged. With a COUNT the first record is acknowledged before FILE.ready appears,
   * and the others wait for FILE.go. Prints `sent acknowledged`.
   */
  static void produce(Properties properties, String topic, String acks, Path file, long count) throws Exception {
    properties.put("acks", acks);
    properties.put("enable.idempotence", acks.equals("all"));
    properties.put("linger.ms", 5);
    properties.put("delivery.timeout.ms", count > 0 ? 6000 : 120000);
    properties.put("request.timeout.ms", 5000);
    properties.put("max.block.ms", 60000);
    var stop = Path.of(file + ".stop");
    var acknowledged = new AtomicLong();
    long sent = 0;
    try (var out = new PrintWriter(Files.newBufferedWriter(file));
        var producer = new KafkaProducer<>(properties, new LongSerializer(), new LongSerializer())) {
      while (count > 0 ? sent < count : !Files.exists(stop)) {
        long number = sent++;
        producer.send(new ProducerRecord<>(topic, number, number), (metadata, error) -> {
          if (error != null) return;
          acknowledged.incrementAndGet();
          synchronized (out) {
            out.println(number);
          }
        });
        if (count > 0 && sent == 1) {
          producer.flush();
          Files.createFile(Path.of(file + ".ready"));
          while (!Files.exists(Path.of(file + ".go"))) Thread.sleep(50);
        }
        if (sent % 10 == 0) Thread.sleep(10);
      }
      producer.flush();
    }
    System.out.println(sent + " " + acknowledged);
  }

  /** consume TOPIC FILE: every number from the first offset to the last; a number stands as often as it is there. */
  static void consume(Properties properties, String topic, Path file) throws Exception {
    properties.put("group.id", "lab");
    properties.put("enable.auto.commit", false);
    try (var out = new PrintWriter(Files.newBufferedWriter(file));
        var consumer = new KafkaConsumer<>(properties, new LongDeserializer(), new LongDeserializer())) {
      var partitions = consumer.partitionsFor(topic).stream().map(p -> new TopicPartition(topic, p.partition())).toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      var ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
        for (var record : consumer.poll(Duration.ofSeconds(1))) out.println(record.value());
      }
    }
  }

  /** await-isr TOPIC SIZE SECONDS: until every partition has SIZE replicas in sync. */
  static void awaitIsr(Properties properties, String topic, int size, int seconds) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    try (var admin = Admin.create(properties)) {
      while (true) {
        var partitions = admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic).partitions();
        if (partitions.stream().allMatch(p -> p.isr().size() == size)) return;
        if (System.nanoTime() > deadline) throw new TimeoutException(partitions.toString());
        Thread.sleep(500);
      }
    }
  }

  /** leader TOPIC: the node id that leads partition 0. */
  static void leader(Properties properties, String topic) throws Exception {
    try (var admin = Admin.create(properties)) {
      var first = admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic).partitions().get(0);
      System.out.println(first.leader().id());
    }
  }

  /** configuration TOPIC: `name=value` of what durability rests on, as the topic really has it. */
  static void configuration(Properties properties, String topic) throws Exception {
    try (var admin = Admin.create(properties)) {
      var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
      var config = admin.describeConfigs(List.of(resource)).all().get().get(resource);
      for (var name : List.of("min.insync.replicas", "unclean.leader.election.enable")) {
        System.out.println(name + "=" + config.get(name).value());
      }
      var partitions = admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic).partitions();
      System.out.println("replicas=" + partitions.stream().mapToInt(p -> p.replicas().size()).min().getAsInt());
    }
  }

  /** delete-forbidden TOPIC: fails unless the broker refuses. */
  static void deleteForbidden(Properties properties, String topic) throws Exception {
    try (var admin = Admin.create(properties)) {
      admin.deleteTopics(List.of(topic)).all().get();
      throw new IllegalStateException("the application could delete " + topic);
    } catch (ExecutionException refused) {
      if (!(refused.getCause() instanceof AuthorizationException)) throw refused;
    }
  }
}
