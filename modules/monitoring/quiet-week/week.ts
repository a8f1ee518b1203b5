/**
 * The calendar of the replayed week: when it is busy, and what happens in it on purpose. Nothing of it is an incident.
 *
 * Minute 0 is Monday, 00:00. Sources of the durations: a Multi-AZ failover takes 60 to 120 s (AWS, "Multi-AZ DB instance
 * failover"); a Kafka broker's machine was replaced within 6 min on `lab/kafka/run`; pods move within 3 min (`lab/service/run`).
 */

export const DAY = 24 * 60;
export const WEEK = 7 * DAY;

/** A minute of the week. Days count from Monday, 0. */
export const at = (day: number, hour: number, minute = 0): number => day * DAY + hour * 60 + minute;

const [MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SUNDAY] = [0, 1, 2, 3, 4, 6];

/** Rollouts: each pod of the service is replaced by a new one, two minutes apart. */
export const DEPLOYS = {
  orders: [at(TUESDAY, 11), at(THURSDAY, 16)],
  'hello-api': [at(TUESDAY, 11, 30), at(THURSDAY, 16, 30)],
} as const;

/** A Kubernetes node is drained and its machine replaced: it is not ready for two minutes before it is gone. */
export const DRAIN = { at: at(WEDNESDAY, 10), node: 'worker-2', replaced: 9 } as const;

/** Machines replaced one after the other, each away for some minutes. */
export const ROLLINGS = {
  kafka: { at: [at(WEDNESDAY, 14), at(WEDNESDAY, 14, 20), at(WEDNESDAY, 14, 40)], away: 6, catchesUp: 4 },
  mongodb: { at: [at(WEDNESDAY, 15), at(WEDNESDAY, 15, 20), at(WEDNESDAY, 15, 40)], away: 6 },
} as const;

/** PostgreSQL's maintenance window with a Multi-AZ failover. */
export const FAILOVER = { at: at(SUNDAY, 4), minutes: 2 } as const;

/** Each night: a batch that produces faster than consumers read, then snapshots of every volume. */
export const BATCH = { from: 60, to: 100 } as const;
export const BACKUP = { from: 120, to: 150 } as const;

/** A report on Monday morning holds one transaction for twelve minutes. */
export const REPORT = { at: at(MONDAY, 6), minutes: 12 } as const;

/** Prometheus itself is upgraded: nothing is scraped for two minutes. */
export const BLIND = { at: at(THURSDAY, 18), minutes: 2 } as const;

/** Where a control run puts its fault, and for how long. */
export const FAULT = { at: at(FRIDAY, 10), minutes: 45 } as const;

/** The part of the week that a control run replays: enough of the past for rules that look a day back. */
export const CONTROL = { from: at(THURSDAY, 9), to: at(FRIDAY, 12) } as const;

export const within = (minute: number, from: number, minutes: number): boolean =>
  minute >= from && minute < from + minutes;

const nightly = (minute: number, { from, to }: { from: number; to: number }): boolean =>
  minute % DAY >= from && minute % DAY < to;

export const inBatch = (minute: number): boolean => nightly(minute, BATCH);
export const inBackup = (minute: number): boolean => nightly(minute, BACKUP);

/** Traffic as a share of the busiest hour: a working day's curve, half of it at the weekend, a tenth at night. */
export function traffic(minute: number): number {
  const hour = Math.floor((minute % DAY) / 60);
  const day = Math.floor(minute / DAY);
  const curve = 0.1 + 0.9 * Math.max(0, Math.sin((Math.PI * (hour - 6)) / 16));
  return curve * (day >= 5 ? 0.5 : 1);
}

/** Between −1 and 1, the same at each call: what no schedule explains. Steps every quarter of an hour. */
export function wobble(minute: number, seed: string): number {
  let hash = 2166136261;
  for (const character of `${seed}${Math.floor(minute / 15)}`) {
    hash = Math.imul(hash ^ character.charCodeAt(0), 16777619);
  }
  return ((hash >>> 0) / 0xffffffff) * 2 - 1;
}
