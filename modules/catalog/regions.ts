/** AWS's regions by name, so that "not in North America" can be told from "no such region". */
import type { RegionFact } from '../spec/facts';
import zones from './data/zones.json';
import { PRICED_REGIONS } from './services';

/** Canada, Mexico and the United States, GovCloud included (which this catalogue does not price). */
const NORTH_AMERICA = [
  'us-east-1',
  'us-east-2',
  'us-west-1',
  'us-west-2',
  'us-gov-east-1',
  'us-gov-west-1',
  'ca-central-1',
  'ca-west-1',
  'mx-central-1',
];

/** AWS Regions page, as of 2026. */
const ELSEWHERE = (
  'af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-1 ' +
  'ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7 cn-north-1 cn-northwest-1 ' +
  'eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3 eusc-de-east-1 il-central-1 ' +
  'me-central-1 me-south-1 sa-east-1'
).split(' ');

const ZONES = zones.regions as unknown as Record<string, { eksUsable: string[]; eksUnsupportedZoneIds: string[] }>;

export const REGIONS: readonly RegionFact[] = [...NORTH_AMERICA, ...ELSEWHERE].map((name) => ({
  name,
  northAmerica: NORTH_AMERICA.includes(name),
  zoneIds: ZONES[name]?.eksUsable ?? [],
  refusedZoneIds: ZONES[name]?.eksUnsupportedZoneIds ?? [],
  priced: PRICED_REGIONS.includes(name),
}));

export function region(name: string): RegionFact | undefined {
  return REGIONS.find((one) => one.name === name);
}
