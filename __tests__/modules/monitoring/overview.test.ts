/** The overview claims nothing about what nobody watches: a platform without RabbitMQ was told that RabbitMQ is fine. */
import { catalogueFor, metricNames, overviewDashboard } from '../../../modules/monitoring';

interface Tile {
  readonly type: string;
  readonly title: string;
  readonly targets: readonly { readonly expr: string }[];
  readonly fieldConfig: { readonly defaults: { readonly noValue?: string } };
}

const tiles = (engine: 'ec2' | 'msk'): Tile[] =>
  (JSON.parse(overviewDashboard(catalogueFor(engine))) as { panels: Tile[] }).panels.filter(
    ({ type }) => type === 'stat',
  );

test.each(tiles('ec2').map((one) => [one.title, one] as const))('%s is fine only where its metrics are', (_, tile) => {
  const [{ expr }] = tile.targets as [{ expr: string }];
  expect(expr).not.toContain('vector(');
  expect(metricNames(expr).filter((name) => name !== 'ALERTS').length).toBeGreaterThan(0);
  expect(tile.fieldConfig.defaults.noValue).toBe('not watched');
});

test('on MSK the brokers are there under MSK’s names', () => {
  const asked = tiles('msk').flatMap(({ targets }) => targets.flatMap(({ expr }) => metricNames(expr)));
  expect(asked).toContain('kafka_server_ReplicaManager_Value');
  expect(asked).not.toContain('kafka_server_replicamanager_underminisrpartitioncount');
});
