/** A rule over probes that nobody makes is silent: each is followed to a probe, and each probe to a module of the exporter. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type EksBridgeValues } from '../../modules/bridge';
import { parseExposition, selectors, SIGNALS } from '../../modules/monitoring';
import { satisfies } from '../../modules/monitoring/promql';
import { RECORDINGS } from '../../scripts/monitoring/recordings';
import { BRIDGE, children, helmTemplate, type Manifest, rendered } from './render';

const { scrape, endpoints } = BRIDGE.eks as EksBridgeValues;

/** @param entry its URL, if the bridge has one: undefined is no value in JSON */
const probesOf = (entry: string | undefined): Manifest[] =>
  helmTemplate('gitops/targets', { scrape, endpoints: { ...endpoints, entry } }).filter(({ kind }) => kind === 'Probe');
const ENCRYPTED = probesOf('https://the-balancer/');
const PLAIN = probesOf('http://the-balancer/');

const exporter = children('eks').find(({ metadata }) => metadata.name === 'blackbox-exporter')!;
const modules: Manifest = exporter['spec'].source.helm.valuesObject.config.modules;

const rules = SIGNALS.filter((signal) => signal.exporter === 'blackbox_exporter');
const urls = (probe: Manifest): string[] => probe['spec'].targets.staticConfig.static;

/** What a probe exposes of a target: as it was recorded of such a one; a TCP probe has no more than whether it came through. */
function exposed({ spec }: Manifest, target: string) {
  const { prober, http } = modules[spec.module];
  const recording = !target.startsWith('https:')
    ? 'http-ok'
    : http.tls_config?.insecure_skip_verify === true
      ? 'tls-expired-skip-verify'
      : 'tls-expired';
  const file = join(RECORDINGS, `blackbox_exporter-0.28.0-${recording}.prom`);
  return parseExposition([prober === 'http' ? readFileSync(file, 'utf8') : 'probe_success 1\n']);
}

/** Rules of which no probe exposes what they ask for, by the labels that its series bear. */
const unseen = (probes: readonly Manifest[]): string[] =>
  rules
    .filter(({ expr }) =>
      selectors(expr).some(
        ({ metric, matchers }) =>
          !probes.some((probe) =>
            urls(probe).some((instance) => {
              const { jobName, targets } = probe['spec'];
              const own = { ...targets.staticConfig.labels, job: jobName, namespace: 'monitoring', instance };
              const series = exposed(probe, instance).samples.get(metric) ?? [];
              return series.some(({ labels }) =>
                matchers.every((one) => satisfies(one, own[one.label] ?? labels.get(one.label))),
              );
            }),
          ),
      ),
    )
    .map(({ alert }) => alert);

test('every rule over probes has one that shows it what it asks for, the end of an expired certificate too', () => {
  expect(rules.map(({ alert }) => alert)).toEqual(['EndpointProbeFailing', 'CertificateExpiresSoon']);
  expect(unseen(ENCRYPTED)).toEqual([]);
  expect(unseen(PLAIN)).toEqual(['CertificateExpiresSoon']);
});

test('what a rule over probes is tried with is a job that there is', () => {
  const tried = rules
    .flatMap(({ fires, quiet }) => [...fires, ...quiet].flatMap(({ series }) => series.map(([name]) => name)))
    .flatMap((name) => /job="([^"]*)"/.exec(name)?.[1] ?? []);
  expect([...new Set(tried)]).toEqual(['entry-reachable']);
  expect(ENCRYPTED.map(({ spec }) => spec.jobName)).toEqual(expect.arrayContaining(tried));
});

test('the entry is asked for what the bridge says, and nothing where it says nothing', () => {
  const asked = (probes: readonly Manifest[]) =>
    probes.filter(({ spec }) => spec.jobName === 'entry-reachable').map((probe) => [probe['spec'].module, urls(probe)]);
  expect(asked(ENCRYPTED)).toEqual([['http_entry', ['https://the-balancer/']]]);
  expect(asked(PLAIN)).toEqual([['http_entry', ['http://the-balancer/']]]);
  // A root Application from before the value, which git reaches before the next apply does.
  expect(asked(probesOf(undefined))).toEqual([]);
  expect(probesOf(undefined)).toHaveLength(3);
});

test('the entry’s answer is its own: no redirect, no status but 2xx', () => {
  expect(modules['http_entry']).toMatchObject({ prober: 'http', http: { method: 'GET', follow_redirects: false } });
  expect(modules['http_entry'].http).not.toHaveProperty('valid_status_codes');
});

test('every probe asks by a module of the exporter, and its service is its job’s', () => {
  for (const { metadata, spec } of ENCRYPTED) {
    expect(Object.keys(modules)).toContain(spec.module);
    expect([metadata.name, spec.jobName]).toEqual(
      Array(2).fill(`${spec.targets.staticConfig.labels.service}-reachable`),
    );
  }
});

test.each(['minikube', 'lab'] as const)('%s has no load balancer, and no probe', (target) => {
  expect(rendered(target).filter(({ manifest }) => manifest['kind'] === 'Probe')).toEqual([]);
});
