/** Which zones of a region a platform is spread over. */
import { Rejection } from '../rejection';
import { zonesOffering } from './ec2';
import { region as regionFact } from './regions';
import type { Zone } from './choices';
import type { ZoneDemand } from './generations';

/**
 * The first `count` zones, by id, that EKS accepts and that offer every one of the EC2 types, or the zones that were asked for
 * by id; lettered a, b, c … in that order. Ids are the same in every account, AWS's own letters are not.
 *
 * @throws Rejection when the region is unknown or has too few such zones
 */
export function zonesFor(region: string, wanted: ZoneDemand, types: readonly string[] = []): Zone[] {
  const fact = regionFact(region);
  if (fact === undefined)
    throw new Rejection('platform.yaml region', `${region} is not a region of AWS that the catalogue knows`);
  const usable = fact.zoneIds.filter((id) => types.every((type) => zonesOffering(type, region).includes(id)));
  const offering = types.length === 0 ? '' : ` that offer ${types.join(', ')}`;
  if (typeof wanted !== 'number') {
    const missing = wanted.filter((id) => !usable.includes(id));
    if (missing.length === 0) return wanted.map(lettered);
    throw new Rejection(
      'platform.yaml network.zones',
      `${missing.join(', ')} is not among the zones that EKS accepts${offering}`,
      `take from ${usable.join(', ')}`,
    );
  }
  if (usable.length < wanted) {
    throw new Rejection(
      'platform.yaml region',
      `${region} has ${usable.length} zones that EKS accepts${offering}, ${wanted} are needed`,
      types.length === 0 ? 'us-east-2 has three, us-west-2 four' : 'another type or region',
    );
  }
  return usable.slice(0, wanted).map(lettered);
}

const lettered = (id: string, index: number): Zone => ({ letter: String.fromCharCode('a'.charCodeAt(0) + index), id });
