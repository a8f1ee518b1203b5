/** What runs is supported by who made it, today. */
import { EKS_VERSIONS, NO_END_ANNOUNCED, POSTGRES_VERSIONS } from '../../catalog';
import type { VersionFact } from '../../spec/facts';
import { isUnknown, text, type Instance, type ResolvedProject } from '../terraform';
import type { Objection, Policy, PolicyContext } from './policy';

interface Versioned {
  readonly attribute: string;
  readonly what: string;
  readonly known: readonly VersionFact[];
  /** As the catalogue names it; undefined when another product is meant. */
  version(instance: Instance): string | undefined;
}

const SUPPORTED: Readonly<Record<string, Versioned>> = {
  aws_eks_cluster: {
    attribute: 'version',
    what: 'Kubernetes',
    known: EKS_VERSIONS,
    version: ({ values }) => text(values.version),
  },
  aws_db_instance: {
    attribute: 'engine_version',
    what: 'PostgreSQL',
    known: POSTGRES_VERSIONS,
    version: ({ values }) =>
      text(values.engine) === 'postgres' ? text(values.engine_version)?.split('.')[0] : undefined,
  },
};

function* find(project: ResolvedProject, { today }: PolicyContext): Generator<Objection> {
  for (const [type, { attribute, what, known, version }] of Object.entries(SUPPORTED)) {
    for (const instance of project.ofType(type)) {
      const value = version(instance);
      if (value === undefined || isUnknown(instance.values[attribute])) continue;
      const fact = known.find((one) => one.version === value);
      const newest = known.find(({ standardUntil }) => standardUntil >= today)?.version;
      const fix = `take ${newest ?? 'a newer version'}`;
      if (fact === undefined) yield { instance, attribute, value, message: `${what} ${value} is not sold`, fix };
      else if (fact.standardUntil < today && fact.standardUntil !== NO_END_ANNOUNCED) {
        yield {
          instance,
          attribute,
          value,
          message: `standard support of ${what} ${value} ended on ${fact.standardUntil}`,
          fix,
        };
      }
    }
  }
}

export const SUPPORT: readonly Policy[] = [
  {
    id: 'support.version',
    severity: 'high',
    title: 'Kubernetes and PostgreSQL are in standard support',
    reason:
      'after it EKS costs 0.50 USD an hour more and RDS 0.10 USD a vCPU-hour more, then both are upgraded by force (Amazon EKS and Amazon RDS release calendars; modules/catalog/data/capabilities.json)',
    fix: 'take a newer version',
    find,
  },
];
