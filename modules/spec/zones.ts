/** `network.zones`: how many availability zones, or which. */
import { otherKind, readText, Refused, whole } from './leaf';
import { show } from './problems';

/** Fewer lose the quorum of three with a zone; no region has more. */
const FEWEST = 3;
const MOST = 6;

export interface ZonesWanted {
  readonly count: number;
  /** Zone ids, when they were named. */
  readonly ids?: readonly string[];
}

export function zones(value: unknown): ZonesWanted {
  if (!Array.isArray(value)) {
    if (value !== null && typeof value === 'object') throw otherKind(value, 'a number of zones', '3');
    const count = whole('a number of zones', -Infinity, MOST, '3')(value);
    if (count < FEWEST) throw tooFew(count);
    return { count };
  }
  const ids = value.map((id, index) => zoneId(id, index, value.slice(0, index)));
  if (ids.length < FEWEST) throw tooFew(ids.length);
  return { count: ids.length, ids };
}

function tooFew(count: number): Refused {
  return new Refused(`${count} zones cannot lose one and keep a majority`, `at least ${FEWEST}`);
}

function zoneId(value: unknown, index: number, before: unknown[]): string {
  const id = readText(value, 'a zone id', 'use2-az1');
  if (/^[a-z]{2}(-[a-z]+)+-\d[a-z]$/.test(id)) {
    throw new Refused(
      `${id} is a zone name, which means another zone in each account`,
      'give the zone id, such as use2-az1',
      [index],
    );
  }
  if (before.includes(id)) throw new Refused(`${show(id)} stands here a second time`, 'remove it', [index]);
  return id;
}
