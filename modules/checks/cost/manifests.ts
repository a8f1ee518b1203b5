/**
 * What controllers make at run time from rendered Kubernetes manifests, Argo CD Applications and chart values, and Terraform knows
 * nothing of: volumes claimed by workloads. A Service of type LoadBalancer would make a balancer that no one here owns: it has no price, so it fails.
 */
import { parseAllDocuments } from 'yaml';
import { NoPrice } from '../../catalog';
import { Rejection } from '../../rejection';
import { billLine } from './bill-line';
import type { CostLine, FixedCharge, UnpricedItem } from './line';
import { Unpriced } from './line';
import { volumeCharges } from './pricers/volumes';

export interface ManifestFile {
  readonly path: string;
  readonly text: string;
}

export interface ManifestCosts {
  readonly lines: readonly CostLine[];
  readonly unpriced: readonly UnpricedItem[];
}

/** What a StorageClass is taken to make when the manifests do not define it: the EBS CSI driver's default. */
const DEFAULT_VOLUME_TYPE = 'gp3';
const GIB = 2 ** 30;

type Manifest = { readonly [key: string]: unknown };

const at = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((here, key) => (here as Manifest | null | undefined)?.[key], value);
const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** @throws Rejection for a file that is no YAML */
export function manifestCosts(files: readonly ManifestFile[], region: string, stack = 'gitops'): ManifestCosts {
  const objects = files.flatMap((file) => documentsOf(file).map((object) => ({ file: file.path, object })));
  const classes = new Map(
    objects
      .filter(({ object }) => object.kind === 'StorageClass')
      .map(({ object }) => [
        at(object, 'metadata', 'name'),
        String(at(object, 'parameters', 'type') ?? DEFAULT_VOLUME_TYPE),
      ]),
  );
  const lines: CostLine[] = [];
  const unpriced: UnpricedItem[] = [];
  for (const { file, object } of objects) {
    const isValues = object.kind === undefined;
    const kind = isValues ? 'Helm values' : String(object.kind);
    const address = isValues ? file : `${kind}/${String(at(object, 'metadata', 'name'))}`;
    const fail = (attribute: string, message: string) =>
      unpriced.push({ stack, address, type: kind, attribute, message, place: file });
    if (kind === 'Service' && at(object, 'spec', 'type') === 'LoadBalancer') {
      fail('spec.type', 'a controller would make a load balancer that Terraform neither owns nor prices');
    }
    for (const { spec, copies, attribute } of claimsOf(object)) {
      const size = gibOf(at(spec, 'resources', 'requests', 'storage'));
      if (size === undefined) {
        fail(`${attribute}.resources.requests.storage`, 'the size of the volume is not a quantity');
        continue;
      }
      const type = classes.get(at(spec, 'storageClassName')) ?? DEFAULT_VOLUME_TYPE;
      try {
        const volume = { what: 'claimed by a workload', type, gib: size, attribute };
        lines.push(
          ...volumeCharges(volume, region, copies).map((charge) => lineOf(stack, address, charge as FixedCharge)),
        );
      } catch (error) {
        if (!(error instanceof Unpriced) && !(error instanceof NoPrice)) throw error;
        fail(attribute, error.message);
      }
    }
  }
  return { lines, unpriced };
}

interface Claim {
  readonly spec: unknown;
  readonly copies: number;
  readonly attribute: string;
}

/** Claims of an object: its own, one a replica of a StatefulSet, and those of Prometheus operator's resources. */
function claimsOf(object: Manifest): Claim[] {
  const replicas = Number(at(object, 'spec', 'replicas') ?? 1);
  switch (object.kind) {
    case 'PersistentVolumeClaim':
      return [{ spec: object.spec, copies: 1, attribute: 'spec' }];
    case 'StatefulSet':
      return asList(at(object, 'spec', 'volumeClaimTemplates')).map((template) => ({
        spec: at(template, 'spec'),
        copies: replicas,
        attribute: 'spec.volumeClaimTemplates',
      }));
    case 'Prometheus':
    case 'Alertmanager':
    case 'ThanosRuler': {
      const spec = at(object, 'spec', 'storage', 'volumeClaimTemplate', 'spec');
      const shards = Number(at(object, 'spec', 'shards') ?? 1);
      return spec === undefined
        ? []
        : [{ spec, copies: replicas * shards, attribute: 'spec.storage.volumeClaimTemplate.spec' }];
    }
    case 'Application': {
      const sources = [at(object, 'spec', 'source'), ...asList(at(object, 'spec', 'sources'))];
      return sources.flatMap((source) =>
        valuesClaims(at(source, 'helm', 'valuesObject'), 'spec.source.helm.valuesObject'),
      );
    }
    case undefined:
      return valuesClaims(object, '');
    default:
      return [];
  }
}

/**
 * Claims in a chart's values, wherever they stand: charts hand a `volumeClaimTemplate` on to what they render, or make a claim of
 * `persistence: { enabled, size, storageClass }`, once a replica of the object that it is in.
 */
function valuesClaims(value: unknown, path: string, replicas = 1): Claim[] {
  if (typeof value !== 'object' || value === null) return [];
  const copies = Number(at(value, 'replicas') ?? replicas);
  return Object.entries(value).flatMap(([key, inner]) => {
    const attribute = path === '' ? key : `${path}.${key}`;
    if (key === 'volumeClaimTemplate') return [{ spec: at(inner, 'spec'), copies, attribute: `${attribute}.spec` }];
    if (key === 'persistence' && at(inner, 'enabled') === true) {
      const requests = { storage: at(inner, 'size') };
      const spec = { storageClassName: at(inner, 'storageClass'), resources: { requests } };
      return [{ spec, copies, attribute }];
    }
    return valuesClaims(inner, attribute, copies);
  });
}

const UNITS: Readonly<Record<string, number>> = {
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  '': 1,
};

/** A Kubernetes quantity in GiB, rounded up as EBS does. */
function gibOf(quantity: unknown): number | undefined {
  const parts = /^(\d+(?:\.\d+)?)(Ki|Mi|Gi|Ti|k|M|G|T|)$/.exec(String(quantity ?? ''));
  if (parts === null) return undefined;
  return Math.ceil((Number(parts[1]) * (UNITS[parts[2] as string] as number)) / GIB);
}

function documentsOf({ path, text }: ManifestFile): Manifest[] {
  return parseAllDocuments(text).flatMap((document) => {
    const [error] = document.errors;
    if (error !== undefined) {
      const line = error.linePos?.[0].line;
      throw new Rejection(line === undefined ? path : `${path}:${line}`, `is no YAML: ${error.message.split('\n')[0]}`);
    }
    const object = document.toJS() as Manifest | null;
    if (object === null || typeof object !== 'object') return [];
    return object.kind === 'List' ? (asList(object.items) as Manifest[]) : [object];
  });
}

function lineOf(stack: string, address: string, { item, price, quantity, unit }: FixedCharge): CostLine {
  const reason = 'made by the EBS CSI driver, not by Terraform';
  return billLine({ stack, address, purpose: 'Kubernetes' }, { item, price, quantity, unit, basis: 'priced', reason });
}
