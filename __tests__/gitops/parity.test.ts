/** minikube and EKS as a number: every place in which the targets differ has a reason in gitops/parity.yaml. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { differences } from '../stacks/synthesize';
import { children, identity, type Manifest, rendered, ROOT } from './render';

interface Difference {
  /** Beginning of the places: an object, or a path in it. */
  readonly at: string;
  readonly reason: string;
  /** The difference comes and goes with what is published. */
  readonly sometimes?: true;
}

const reasons = parse(readFileSync(join(ROOT, 'gitops/parity.yaml'), 'utf8')) as Record<string, Difference[]>;

function tree(target: 'eks' | 'minikube' | 'lab'): Record<string, Manifest> {
  const all = [...children(target), ...rendered(target).map(({ manifest }) => manifest)];
  return Object.fromEntries(all.map((manifest) => [identity(manifest), manifest]));
}

const eks = tree('eks');

test.each(['minikube', 'lab'] as const)('%s differs from EKS only where gitops/parity.yaml says why', (target) => {
  const other = tree(target);
  const places = differences(eks, other).map((line) => line.replace(/^[-+~] /, '').replace(/( = |: ).*$/s, ''));
  process.stdout.write(`${target} differs from eks in ${places.length} places of ${Object.keys(eks).length} objects\n`);
  const explained = (place: string) => reasons[target]!.filter(({ at }) => place.startsWith(at));
  expect(places.filter((place) => explained(place).length === 0)).toEqual([]);
  // A reason for nothing is as wrong as a difference without one.
  expect(
    reasons[target]!.filter(({ at, sometimes }) => sometimes !== true && !places.some((place) => place.startsWith(at))),
  ).toEqual([]);
  for (const { reason } of reasons[target]!) expect(reason).toMatch(/^[^\n]{15,}$/);
});
