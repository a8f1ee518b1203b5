/** The region: known, North American (brief 2.6), priced, with enough zones that EKS accepts (brief 2.9, 2.10). */
import type { RegionFact } from '../facts';
import { didYouMean, nearest } from '../nearest';
import { show } from '../problems';
import type { Problem } from '../problems';
import type { Rule } from './rule';

const REGION = ['region'];
const ZONES = ['network', 'zones'];

export const region: Rule = ({ platform: { region: name, network }, facts, writes }) => {
  const usable = facts.regions.filter((one) => one.northAmerica && one.priced && one.zoneIds.length >= 3);
  const choice = `choose from ${usable.map((one) => one.name).join(', ')}`;
  const refuse = (problem: string, fix: string): Problem[] => [{ path: REGION, problem, fix, restsOn: [ZONES] }];

  const fact = facts.regions.find((one) => one.name === name);
  if (fact === undefined) {
    const known = facts.regions.map((one) => one.name);
    return refuse(
      `${show(name)} is not a region of AWS`,
      nearest(name, known) === undefined ? choice : didYouMean(name, known),
    );
  }
  if (!fact.northAmerica) return refuse(`${name} is not in North America`, choice);
  const some = fact.zoneIds.length;
  if (some > 0 && some < 3) return refuse(`${name} has ${some} zones that EKS accepts, and three are needed`, choice);
  if (!fact.priced) return refuse(`prices of ${name} are not known`, choice);
  if (network.zoneIds !== undefined) return network.zoneIds.flatMap((id, index) => zone(fact, id, index));
  if (network.zones > some) {
    const refused = fact.refusedZoneIds.length === 0 ? '' : ` (it refuses ${fact.refusedZoneIds.join(', ')})`;
    const problem = `${network.zones} zones are more than the ${some} of ${name} that EKS accepts${refused}`;
    return [{ path: writes(ZONES) ? ZONES : REGION, problem, fix: `at most ${some} in ${name}`, restsOn: [REGION] }];
  }
  return [];
};

function zone(region: RegionFact, id: string, index: number): Problem[] {
  if (region.zoneIds.includes(id)) return [];
  const refused = region.refusedZoneIds.includes(id);
  return [
    {
      path: [...ZONES, index],
      problem: refused ? `EKS refuses zone ${id}` : `${show(id)} is not a zone of ${region.name}`,
      fix: refused ? `choose from ${region.zoneIds.join(', ')}` : didYouMean(id, region.zoneIds),
      restsOn: [REGION],
    },
  ];
}
