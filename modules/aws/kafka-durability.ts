/** The three numbers on which Kafka's promise rests, whichever engine runs it. */
export const DURABILITY = {
  /** One replica a zone. */
  replicationFactor: 3,
  /** A write is acknowledged by two of them: it survives the loss of either, and one may be down. */
  minInsyncReplicas: 2,
  /** A replica that misses acknowledged records never becomes leader. MSK's own default is true. */
  uncleanLeaderElection: false,
} as const;
