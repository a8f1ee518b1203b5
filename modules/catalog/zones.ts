/** Which zones of a region a platform is spread over. */
import { Rejection } from '../rejection';
import { zonesOffering } from './ec2';
import { region as regionFact } from './regions';
import type { Zone } from './choices';

/**
 * The first `count` zones, by id, that EKS accepts and that offer every one of the EC2 types; lettered a, b, c … in that
 * order. Ids are the same in every account, AWS's own letters are not.
 *
 * @throws Rejection when the region is unknown or has too few such zones
 */
export function zonesFor(region: string, count: number, types: readonly string[] = []): Zone[] {
  const fact = regionFact(region);
  if (fact === undefined) throw new Rejection('region', `${region} is not a region of AWS that the catalogue knows`);
  const zones = fact.zoneIds.filter((id) => types.every((type) => zonesOffering(type, region).includes(id)));
  if (zones.length < count) {
    const offering = types.length === 0 ? '' : ` that offer ${types.join(', ')}`;
    throw new Rejection(
      'region',
      `${region} has ${zones.length} zones that EKS accepts${offering}, ${count} are needed`,
      types.length === 0 ? 'us-east-2 has three, us-west-2 four' : 'another type or region',
    );
  }
  return zones.slice(0, count).map((id, index) => ({ letter: String.fromCharCode('a'.charCodeAt(0) + index), id }));
}
