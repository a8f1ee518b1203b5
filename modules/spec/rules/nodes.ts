/** Service nodes: each name once and not taken in DNS, in a segment and a zone that the platform has. */
import { didYouMean, nearest } from '../nearest';
import type { Problem } from '../problems';
import type { Rule } from './rule';

/** What the data services are called in the private zone. */
const TAKEN = /^(kafka|mongodb|postgres)(-\d+)?$/;

export const nodes: Rule = ({ platform: { nodes: all, network } }) =>
  all.flatMap(({ name, segment, zone }, index): Problem[] => {
    const found: Problem[] = [];
    const at = (key: string, problem: string, fix: string, restsOn?: Problem['restsOn']) =>
      found.push({ path: ['nodes', index, key], problem, fix, restsOn });
    const before = all.findIndex((other) => other.name === name);
    if (before < index) at('name', `${name} is also the name of nodes[${before}]`, 'give each node a name of its own');
    if (TAKEN.test(name)) at('name', `${name} is a name of the data services`, 'choose another');
    const { segments } = network.services;
    if (!segments.includes(segment)) {
      const fix =
        nearest(segment, segments) === undefined ? `choose from ${segments.join(', ')}` : didYouMean(segment, segments);
      at('segment', `${segment} is not a segment`, fix, [['network', 'services', 'segments']]);
    }
    if (zone >= network.zones) {
      const letters = 'abcdef'.slice(0, network.zones).split('').join(', ');
      at('zone', `the platform uses ${network.zones} zones: ${letters}`, 'choose one of them, or raise network.zones', [
        ['network', 'zones'],
      ]);
    }
    return found;
  });
