package lab;

import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;

/** What the driver talks to: a process of its own, that it can be stopped and killed. */
public class Database {
  public static void main(String[] args) {
    new MongoServer(new MemoryBackend()).bind("127.0.0.1", 18790);
  }
}
