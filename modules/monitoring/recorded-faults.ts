/**
 * What fires when exporters say what they were recorded to say: whole expositions, not the series that a rule's author had in mind.
 * Each of a component's targets is well for a while, then says something else for an hour, or nothing at all.
 */
import { onlyGrows } from './counting';
import type { Exposition, Sample } from './exposition';
import { seriesName } from './quiet-week/notation';
import type { Component } from './signal';

/** Recordings of one exporter, by target. */
type Said = Readonly<Record<string, string>>;
type Alert = Readonly<Record<string, string>>;

export interface RecordedFault {
  readonly component: Component;
  readonly fault: string;
  /** What each target says while all is well, as a file of lab/expositions/recordings. */
  readonly well: Said;
  /** What changes: a target that is not named goes on as it was, one with nothing beside it is not scraped. */
  readonly then: Readonly<Record<string, string | undefined>>;
  /** Every alert that fires, with the labels by which a person finds what it is about. */
  readonly fires: readonly Alert[];
}

/** Labels of alerts that say what is concerned; the others are the catalogue's, or come with every series. */
export const CONCERNED = [
  'alertname',
  'instance',
  'rs_nm',
  'member_idx',
  'op_type',
  'txn_rw',
  'server_address',
] as const;

/** Minutes in which all is well, and minutes of the fault: longer than any `for` and window of these rules together. */
export const RECORDED = { well: 10, fault: 60 } as const;

/** @param states parts of the names of files: `primary` is mongodb-primary.prom */
const files = <T extends string | undefined>(prefix: string, states: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(
    Object.entries(states).map(([target, state]) => [
      target,
      (state === undefined ? state : `${prefix}${state}.prom`) as T,
    ]),
  );

/** A replica set of three: what the exporter beside each of them says. */
const mongodb = (fault: string, then: RecordedFault['then'], fires: readonly Alert[]): RecordedFault => ({
  component: 'mongodb',
  fault,
  well: files('mongodb-', { 'mongodb-1': 'primary', 'mongodb-2': 'secondary', 'mongodb-3': 'secondary' }),
  then: files('mongodb-', then),
  fires,
});
const member = (index: number): string => `mongodb-${index}.cimiento.internal:27017`;
const of = (alertname: string, index: number): Alert => ({ alertname, instance: `mongodb-${index}` });
const about = (alertname: string, index: number): Alert => ({
  alertname,
  rs_nm: 'cimiento',
  member_idx: member(index),
});

/** A service of one pod that reads from MongoDB. */
const driver = (fault: string, well: string, then: string, fires: readonly Alert[]): RecordedFault => ({
  component: 'jvm',
  fault,
  well: files('spring-clients', { orders: well }),
  then: files('spring-clients', { orders: then }),
  fires,
});
const server = { server_address: '127.0.0.1:18790' };

export const RECORDED_FAULTS: readonly RecordedFault[] = [
  mongodb('all is well', {}, []),
  mongodb('another is elected', { 'mongodb-1': 'secondary', 'mongodb-2': 'primary' }, []),
  mongodb('a machine is gone', { 'mongodb-1': 'member-down', 'mongodb-3': undefined }, [
    about('MongoMemberUnhealthy', 3),
  ]),
  ...(['killed', 'hanging'] as const).map((how) =>
    mongodb(`mongod is ${how}`, { 'mongodb-1': 'member-down', 'mongodb-3': how }, [
      of('MongoDown', 3),
      about('MongoMemberUnhealthy', 3),
    ]),
  ),
  mongodb('two of three are killed', { 'mongodb-1': 'killed', 'mongodb-2': 'killed', 'mongodb-3': 'no-primary' }, [
    of('MongoDown', 1),
    of('MongoDown', 2),
    { alertname: 'MongoNoPrimary', rs_nm: 'cimiento' },
    about('MongoMemberUnhealthy', 1),
    about('MongoMemberUnhealthy', 2),
  ]),
  // Only its own exporter was recorded so: the others, which would see its secondaries as it does, are left out.
  mongodb(
    'the primary is overloaded, its secondaries are left behind',
    { 'mongodb-1': 'overloaded', 'mongodb-2': undefined, 'mongodb-3': undefined },
    [
      ...['MongoConnectionsHigh', 'MongoOperationsQueued', 'MongoCacheDirtyHigh', 'MongoCollectionScans'].map((one) =>
        of(one, 1),
      ),
      ...['read', 'write'].map((txn_rw) => ({ ...of('MongoTicketsExhausted', 1), txn_rw })),
      { ...of('MongoOpLatencyHigh', 1), op_type: 'reads' },
      of('MongoOplogWindowShort', 1),
      about('MongoReplicationLag', 2),
      about('MongoReplicationLag', 3),
    ],
  ),
  mongodb('the primary is too busy to say how it is', { 'mongodb-1': 'stuck' }, [of('MongoStatusUnread', 1)]),
  mongodb(
    'the exporters have lost their role',
    { 'mongodb-1': 'denied', 'mongodb-2': 'denied', 'mongodb-3': 'denied' },
    [1, 2, 3].map((index) => of('MongoStatusUnread', index)),
  ),
  mongodb(
    'the exporters’ password is an old one',
    { 'mongodb-1': 'signed-out', 'mongodb-2': 'signed-out', 'mongodb-3': 'signed-out' },
    [1, 2, 3].map((index) => of('MongoDown', index)),
  ),

  driver('a pool too small for a database that hangs', '', '-pool-waiting', [
    { alertname: 'MongoDriverPoolExhausted', ...server },
  ]),
  driver('requests that give up waiting for a connection', '', '-checkout-failed', [
    { alertname: 'MongoDriverCheckoutFailed', ...server },
  ]),
  driver('the database is out of reach', '-checkout-failed', '-database-killed', [
    { alertname: 'MongoDriverDisconnected' },
  ]),
];

/** The series of a fault, in promtool's notation. What only grows, and differs between the two recordings, grows so in each minute. */
export function recordedSeries(
  { well, then }: RecordedFault,
  read: (file: string) => Exposition,
): { readonly series: string; readonly values: string }[] {
  return Object.entries(well).flatMap(([instance, file]) => {
    const healthy = read(file);
    const before = samplesOf(healthy);
    const later = instance in then ? then[instance] : file;
    const after = later === undefined ? new Map<string, Sample>() : samplesOf(read(later));
    return [...new Set([...before.keys(), ...after.keys()])].map((series) => {
      const [was, is] = [before.get(series), after.get(series)];
      const each = was !== undefined && is !== undefined && onlyGrows(is.metric, healthy) ? is.value - was.value : 0;
      const first = was === undefined ? `_x${RECORDED.well}` : `${was.value}x${RECORDED.well - 1}`;
      const rest = is === undefined ? 'stale' : `${is.value}${each > 0 ? `+${each}` : ''}x${RECORDED.fault}`;
      return { series: series.replace('{', `{instance="${instance}",`).replace(',}', '}'), values: `${first} ${rest}` };
    });
  });
}

const samplesOf = ({ samples }: Exposition): ReadonlyMap<string, Sample> =>
  new Map(
    [...samples.values()]
      .flat()
      .map((one) => [
        seriesName(one.metric, Object.fromEntries([...one.labels].filter(([, value]) => value !== ''))),
        one,
      ]),
  );
