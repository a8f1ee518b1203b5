/** `kubernetes -> production: [kafka, postgres]`: one direction of traffic, and the services it is for. */
import { isMapping, otherKind, Refused } from './leaf';
import { nearest } from './nearest';
import { show } from './problems';
import { SERVICE_NAMES } from './services';
import type { AllowRule } from './platform';
import type { ServiceName } from './services';

const EXAMPLE = 'kubernetes -> production: [kafka, postgres]';

export function allowRule(value: unknown): AllowRule {
  if (!isMapping(value)) {
    const { problem, fix } = otherKind(value, 'a rule', EXAMPLE);
    const known = typeof value === 'string' && value.includes('->');
    throw new Refused(known ? `${show(value)} names no services` : problem, known ? `write it like ${EXAMPLE}` : fix);
  }
  const [key, second] = Object.keys(value);
  if (key === undefined) throw new Refused('the rule is empty', `write it like ${EXAMPLE}`);
  if (second !== undefined)
    throw new Refused('one rule holds two directions', 'begin each direction with a dash of its own', [second]);
  const [, from, to] = /^\s*([\w-]+)\s*->\s*([\w-]+)\s*$/.exec(key) ?? [];
  if (from === undefined || to === undefined) {
    throw new Refused(`${show(key)} is not a direction`, `write it like ${EXAMPLE}`, [key]);
  }
  if (from === to) throw new Refused(`${show(key)} crosses no border`, 'traffic inside a segment needs no rule', [key]);
  const services = value[key];
  if (!Array.isArray(services)) throw refusedAt(otherKind(services, 'a list of services', '[kafka, postgres]'), [key]);
  if (services.length === 0) throw new Refused('the rule permits no service', 'name some, or remove the rule', [key]);
  return {
    from,
    to,
    services: services.map((service, index) => serviceName(service, [key, index], services.slice(0, index))),
  };
}

function serviceName(value: unknown, below: (string | number)[], before: unknown[]): ServiceName {
  const known = SERVICE_NAMES.find((name) => name === value);
  if (known === undefined) {
    const meant = typeof value === 'string' ? nearest(value, SERVICE_NAMES) : undefined;
    const fix = meant === undefined ? `choose from ${SERVICE_NAMES.join(', ')}` : `did you mean ${meant}?`;
    throw new Refused(`${show(value)} is not a service`, fix, below);
  }
  if (before.includes(known)) throw new Refused(`${known} stands here a second time`, 'remove it', below);
  return known;
}

function refusedAt({ problem, fix }: Refused, below: (string | number)[]): Refused {
  return new Refused(problem, fix, below);
}
