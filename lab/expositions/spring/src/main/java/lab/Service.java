package lab;

import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.micrometer.tagged.TaggedCircuitBreakerMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import javax.sql.DataSource;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestClient;

/** What a microservice does, and what goes wrong in it, on request. */
@SpringBootApplication
@RestController
public class Service {
  private final RestClient client;
  private final DataSource pool;
  private final JdbcTemplate database;
  /** A field: meters hold what they measure weakly, and a collected breaker is recorded as NaN. */
  private final CircuitBreakerRegistry breakers = CircuitBreakerRegistry.ofDefaults();

  Service(RestClient.Builder builder, DataSource pool, JdbcTemplate database, MeterRegistry registry) {
    this.client = builder.build();
    this.pool = pool;
    this.database = database;
    breakers.circuitBreaker("pay").transitionToOpenState();
    TaggedCircuitBreakerMetrics.ofCircuitBreakerRegistry(breakers).bindTo(registry);
  }

  public static void main(String[] args) {
    SpringApplication.run(Service.class, args);
  }

  @GetMapping("/orders/{id}")
  String order(@PathVariable String id) {
    return database.queryForObject("select 'order'", String.class) + id;
  }

  @GetMapping("/error-on-request")
  String error() {
    LoggerFactory.getLogger(Service.class).error("an error on request");
    throw new IllegalStateException("on request");
  }

  /** Nobody listens there. */
  @GetMapping("/downstream")
  String downstream() {
    return client.get().uri("http://127.0.0.1:9/").retrieve().body(String.class);
  }

  /** Holds a connection of the pool of two for so many milliseconds. */
  @GetMapping("/hold/{milliseconds}")
  String hold(@PathVariable long milliseconds) throws Exception {
    try (var connection = pool.getConnection()) {
      Thread.sleep(milliseconds);
      return "held";
    }
  }
}
