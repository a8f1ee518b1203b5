/** Loki cannot be had here: its queries are parsed by its own grammar, and held against the labels that are shipped. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parser } from '@grafana/lezer-logql';
import { parse } from 'yaml';
import { LINES_UID, linesDashboard, metricNames } from '../../../modules/monitoring';
import { recordingOf } from '../../../scripts/monitoring/recordings';

interface Panel {
  readonly title: string;
  readonly type: string;
  readonly datasource?: { readonly type: string; readonly uid: string };
  readonly targets?: readonly { readonly expr: string }[];
}
interface Board {
  readonly uid: string;
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly name: string }[] };
}

const board = JSON.parse(linesDashboard()) as Board;
const root = join(__dirname, '../../..');
const values = (chart: string) =>
  parse(readFileSync(join(root, `gitops/root/values/${chart}.yaml`), 'utf8')) as Record<string, never>;
const queries = board.panels
  .filter(({ datasource }) => datasource?.type === 'loki')
  .flatMap(({ title, targets = [] }) => targets.map(({ expr }) => [title, expr] as const));

/** Grafana puts a duration there. */
const asLoki = (expr: string): string => expr.replaceAll('$__auto', '1m');

function errors(expr: string): number {
  let found = 0;
  parser.parse(asLoki(expr)).iterate({
    enter(node) {
      if (node.type.isError) found += 1;
    },
  });
  return found;
}

/** Labels of the stream selectors. */
const selected = (expr: string): string[] =>
  [...expr.matchAll(/\{([^}]*)\}/g)].flatMap(([, inside]) =>
    [...inside!.matchAll(/(\w+)\s*=/g)].map(([, label]) => label!),
  );

test.each(queries)('%s: LogQL', (_, expr) => expect(errors(expr)).toBe(0));

test('a mistake in LogQL is seen', () => {
  expect(errors('{a="b"} | json | term=~ [$__auto]')).toBeGreaterThan(0);
  expect(errors('sum by (a) (count_over_time({a="b"} [$__auto])')).toBeGreaterThan(0);
});

test.each(queries)('%s: selects by labels that Loki has', (_, expr) => {
  const { loki } = values('loki') as unknown as {
    loki: {
      limits_config: { otlp_config: { resource_attributes: { attributes_config: { attributes: string[] }[] } } };
    };
  };
  const labels = loki.limits_config.otlp_config.resource_attributes.attributes_config
    .flatMap(({ attributes }) => attributes)
    .map((one) => one.replaceAll('.', '_'));
  expect(selected(expr).length).toBeGreaterThan(0);
  for (const label of selected(expr)) expect(labels).toContain(label);
});

test('every variable that a query names is there', () => {
  const names = board.templating.list.map(({ name }) => name);
  const used = board.panels.flatMap(({ targets = [] }) => targets.flatMap(({ expr }) => expr.match(/\$\w+/g) ?? []));
  for (const one of new Set(used)) if (one !== '$__auto') expect(names).toContain(one.slice(1));
});

test('from metrics to lines to the trace: each panel asks the source that has it', () => {
  expect(
    board.panels.filter(({ type }) => type !== 'row').map(({ type, datasource }) => [type, datasource!.type]),
  ).toEqual([
    ['timeseries', 'prometheus'],
    ['timeseries', 'prometheus'],
    ['timeseries', 'loki'],
    ['timeseries', 'loki'],
    ['logs', 'loki'],
    ['logs', 'loki'],
  ]);
});

test('a trace id in a line leads here, by the data source that the panels ask', () => {
  const { grafana } = values('kube-prometheus-stack') as unknown as {
    grafana: { additionalDataSources: { uid: string; url: string; jsonData: { derivedFields: { url: string }[] } }[] };
  };
  const [source] = grafana.additionalDataSources;
  expect(board.panels.filter(({ datasource }) => datasource?.uid === source!.uid)).toHaveLength(4);
  // `$$` is Grafana's escape in provisioned files.
  expect(source!.jsonData.derivedFields[0]!.url).toBe(`/d/${LINES_UID}?var-trace=` + '$${__value.raw}');
});

test('its metrics are those that haproxy and the service were recorded to expose', () => {
  const recorded = [recordingOf('haproxy')!, recordingOf('hello_api')!].flatMap(({ samples }) => [...samples.keys()]);
  const asked = board.panels
    .filter(({ datasource }) => datasource?.type === 'prometheus')
    .flatMap(({ targets = [] }) => targets.flatMap(({ expr }) => metricNames(expr)));
  expect(asked).toHaveLength(2);
  for (const metric of asked) expect(recorded).toContain(metric);
});
