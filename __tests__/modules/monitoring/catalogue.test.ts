import { CATALOGUE, groupingLabels, INHIBITIONS, selectors, SIGNALS, syntaxError } from '../../../modules/monitoring';

const named = SIGNALS.map((one) => [one.alert, one] as const);
const critical = named.filter(([, one]) => one.severity === 'critical');

test('an alert has one name', () => {
  const names = SIGNALS.map((one) => one.alert);
  expect(new Set(names).size).toBe(names.length);
});

test.each(named)('%s is PromQL', (_, { expr }) => {
  expect(syntaxError(expr)).toBeUndefined();
});

test('a mistake in PromQL is seen, and where', () => {
  expect(syntaxError('sum by (a) (rate(x[5m]) > 1')).toBe(27);
});

test.each(named)(
  '%s proves that it fires and, unless it always does, that it can be quiet',
  (alert, { fires, quiet }) => {
    expect(fires.length).toBeGreaterThan(0);
    for (const { labels, series } of fires) {
      expect(labels.length).toBeGreaterThan(0);
      expect(series.length).toBeGreaterThan(0);
    }
    expect(quiet.length > 0).toBe(alert !== 'Watchdog');
  },
);

test.each(critical)('%s wakes somebody, and says at least two things to do', (_, { runbook }) => {
  expect(runbook.length).toBeGreaterThanOrEqual(2);
});

test('fewer alerts wake somebody than not', () => {
  expect(critical.length).toBeLessThan(SIGNALS.length / 2);
});

test.each(named)('%s adds series up instead of alerting on each', (_, { expr }) => {
  expect(groupingLabels(expr).length > 0 || expr === 'vector(1)').toBe(true);
});

test('a rule on clients or the broker of RabbitMQ cannot take one for the other: the names that both have are not used', () => {
  const shared = ['rabbitmq_connections', 'rabbitmq_channels'];
  expect(
    SIGNALS.flatMap((one) => selectors(one.expr).map((it) => it.metric)).filter((it) => shared.includes(it)),
  ).toEqual([]);
});

test('counters are asked for their growth, never for their value', () => {
  const raw = SIGNALS.filter(({ expr }) =>
    selectors(expr).some(
      ({ metric }) => /_total$/.test(metric) && !new RegExp(`(rate|increase)\\(${metric}(\\{[^}]*\\})?\\[`).test(expr),
    ),
  );
  expect(raw.map((one) => one.alert)).toEqual([]);
});

/** `alertname=~"A|B.*"` of an inhibition as the names it holds. */
const alertsOf = (matcher: string): RegExp[] =>
  (/^alertname=~?"(.+)"$/.exec(matcher)?.[1] ?? '')
    .split('|')
    .filter((one) => one !== '')
    .map((one) => new RegExp(`^${one}$`));

test.each(INHIBITIONS.map((one) => [one.source, one] as const))(
  'inhibition by %s names alerts that exist',
  (_, { source, targets, equal }) => {
    for (const pattern of [...alertsOf(source), ...alertsOf(targets)]) {
      const found = SIGNALS.filter((one) => pattern.test(one.alert));
      expect(found.length).toBeGreaterThan(0);
      // A label that neither has is equal, and would silence across clusters.
      for (const label of equal) {
        for (const signal of found) expect(signal.fires[0]!.labels[0]).toHaveProperty(label);
      }
    }
  },
);

test.each(INHIBITIONS.map((one) => [one.source, one] as const))(
  'inhibition by %s silences nothing in another namespace: names such as rs0 and data-0 are in many',
  (_, { source, targets, equal }) => {
    const all = [...alertsOf(source), ...alertsOf(targets)].flatMap((pattern) =>
      SIGNALS.filter((one) => pattern.test(one.alert)),
    );
    const placed = all.length > 0 && all.every((one) => 'namespace' in one.fires[0]!.labels[0]!);
    if (placed) expect(equal).toContain('namespace');
  },
);

test('every component has a signal for the question whether it is up', () => {
  for (const { component, signals } of CATALOGUE) {
    expect([component, signals.some((one) => one.row === 'up')]).toEqual([component, true]);
  }
});
