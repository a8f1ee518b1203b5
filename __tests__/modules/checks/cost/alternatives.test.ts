/** Alternatives, crossovers and the proof of optimality, over syntheses of the default platform. */
import { synthesizePlatform } from '../../../../cli/synth';
import {
  alternatives,
  compare,
  enumerate,
  estimate,
  judge,
  kafkaCrossover,
  natCrossover,
  operationalSavings,
  type Configuration,
} from '../../../../modules/checks/cost';
import { loadTerraform, resolveProject } from '../../../../modules/checks/terraform';
import type { Platform } from '../../../../modules/spec/platform';
import { DEFAULT_PLATFORM } from '../../../fixtures/platform';
import { TODAY } from './project';

// A synthesis takes a third of a second: each platform is synthesized once for the whole file.
const syntheses = new Map<string, Promise<ReadonlyMap<string, string>>>();
const synthesize = (platform: Platform) => {
  const key = JSON.stringify(platform);
  const known = syntheses.get(key) ?? synthesizePlatform(platform);
  syntheses.set(key, known);
  return known;
};
const bill = async (platform: Platform) =>
  estimate(await resolveProject(loadTerraform(await synthesize(platform))), { usage: platform.usage, today: TODAY });

// The first synthesis loads cdktf, on a busy machine for long.
jest.setTimeout(120_000);

let configurations: Configuration[];
beforeAll(async () => {
  configurations = await enumerate(DEFAULT_PLATFORM, synthesize, TODAY);
});

describe('optimality', () => {
  test('nothing that loses no data with a zone is cheaper than the default', () => {
    const found = judge(DEFAULT_PLATFORM, configurations);
    expect(found.cheaper).toEqual([]);
    expect(found.enumerated).toBeGreaterThan(1000);
    expect(found.durable).toBe(found.enumerated / 2);
    expect(found.equal.map((one) => one.region).sort()).toEqual(['us-east-1', 'us-west-2']);
    expect(found.cheapestOfAll).toMatchObject({ multiAz: false, kafka: 'ec2', egress: 'single-nat', volumes: 'gp3' });
  });
  test('a dearer default is seen through', () => {
    const wasteful: Platform = {
      ...DEFAULT_PLATFORM,
      network: { ...DEFAULT_PLATFORM.network, egress: 'nat-per-zone' },
    };
    const found = judge(wasteful, configurations);
    expect(found.chosen.monthly - (found.cheaper[0]?.monthly ?? NaN)).toBeCloseTo(73, 2);
  });
  test('a machine outside the choices is refused', () => {
    const pinned: Platform = {
      ...DEFAULT_PLATFORM,
      kubernetes: {
        ...DEFAULT_PLATFORM.kubernetes,
        nodes: { ...DEFAULT_PLATFORM.kubernetes.nodes, instance: 'c6g.4xlarge' },
      },
    };
    expect(() => judge(pinned, configurations)).toThrow(/outside the choices/);
  });
  test.each([
    {
      region: 'ca-central-1',
      machines: 'm7g.large',
      database: 'db.m7g.large',
      kafka: 'ec2' as const,
      volumes: 'gp3' as const,
    },
    {
      region: 'us-west-2',
      machines: 'm5.large',
      database: 'db.m6g.large',
      kafka: 'msk' as const,
      volumes: 'gp2' as const,
    },
  ])('a bill with its prices replaced is the bill of the synthesis: $region $machines $kafka', async (wanted) => {
    const { region, machines, database, kafka, volumes } = wanted;
    const broker = kafka === 'msk' ? 'kafka.m7g.large' : undefined;
    const one = configurations.find(
      (two) =>
        Object.entries({ ...wanted, broker }).every(([key, value]) => two[key as keyof Configuration] === value) &&
        two.multiAz &&
        two.egress === 'single-nat',
    );
    const platform: Platform = {
      ...DEFAULT_PLATFORM,
      region,
      volumes,
      kafka: { ...DEFAULT_PLATFORM.kafka, engine: kafka, instance: broker ?? machines },
      mongodb: { ...DEFAULT_PLATFORM.mongodb, instance: machines },
      postgres: { ...DEFAULT_PLATFORM.postgres, instance: database },
      nodes: DEFAULT_PLATFORM.nodes.map((node) => ({ ...node, instance: machines })),
      kubernetes: {
        ...DEFAULT_PLATFORM.kubernetes,
        nodes: { ...DEFAULT_PLATFORM.kubernetes.nodes, instance: machines },
      },
    };
    const found = await bill(platform);
    expect(found.unpriced).toEqual([]);
    // The one is in exact prices, the other a sum of lines in cents.
    expect(Math.abs((one?.monthly ?? NaN) - found.monthly.likely)).toBeLessThan(0.1);
  });
});

describe('crossovers', () => {
  test('at the crossover both builds cost the same; on either side the other wins', async () => {
    const { at } = await kafkaCrossover(DEFAULT_PLATFORM, synthesize, TODAY);
    const costs = async (engine: 'ec2' | 'msk', producedGb: number) => {
      const usage = { ...DEFAULT_PLATFORM.usage, producedGb: { low: 0, likely: producedGb, high: 1e9 } };
      const platform = { ...DEFAULT_PLATFORM, kafka: { ...DEFAULT_PLATFORM.kafka, engine } };
      const files = await synthesize(platform);
      return estimate(await resolveProject(loadTerraform(files)), { usage, today: TODAY }).monthly.likely;
    };
    const gb = at as number;
    expect(gb).toBeGreaterThan(6000);
    expect(gb).toBeLessThan(8000);
    expect(Math.abs((await costs('ec2', gb)) - (await costs('msk', gb)))).toBeLessThan(0.1);
    expect(await costs('ec2', gb - 100)).toBeLessThan(await costs('msk', gb - 100));
    expect(await costs('ec2', gb + 100)).toBeGreaterThan(await costs('msk', gb + 100));
  });
  test('a gateway a zone pays above 5,475 GB: 73.00 over two thirds of a GB at 0.02', async () => {
    expect((await natCrossover(DEFAULT_PLATFORM, synthesize, TODAY)).at).toBe(5475);
  });
});

describe('alternatives', () => {
  const KNOWN = ['single-az', 'nat-per-zone', 'managed', 'gp2', 'extended-support', 'region ca-central-1'];

  test('each is a different platform with a name of its own and a trade-off in words', () => {
    const found = alternatives(DEFAULT_PLATFORM, TODAY);
    expect(new Set(found.map((one) => one.id)).size).toBe(found.length);
    for (const one of found) {
      expect(one.platform).not.toEqual(DEFAULT_PLATFORM);
      expect(one.tradeOff).not.toBe('');
    }
    expect(found.map((one) => one.id)).toEqual(expect.arrayContaining(KNOWN));
    expect(found.filter((one) => one.losesData).map((one) => one.id)).toEqual(['single-az']);
  });

  test('what a bill worked by hand says each moves', async () => {
    const base = await bill(DEFAULT_PLATFORM);
    const delta = async (id: string) => {
      const one = alternatives(DEFAULT_PLATFORM, TODAY).find((two) => two.id === id);
      const { monthly, unpriced } = await bill((one as { platform: Platform }).platform);
      expect(unpriced).toEqual([]);
      return monthly.likely - base.monthly.likely;
    };
    expect(await delta('single-az')).toBeCloseTo(-127.57, 1);
    expect(await delta('nat-per-zone')).toBeCloseTo(73, 2);
    expect(await delta('extended-support')).toBeCloseTo(365, 2);
    // 990 GB of gp2 for gp3 cost 19.80 there; every GB of ours is 0.02 dearer too.
    const gb = base.lines
      .filter((line) => line.priceItem === 'ebs.gp3.gbMonth')
      .reduce((sum, line) => sum + line.quantity, 0);
    expect(await delta('gp2')).toBeCloseTo(gb * 0.02, 2);
  });

  test('compare prices them all beside the platform, dearest last', async () => {
    const names: string[] = [];
    // A synthesis that knows three resources: what is tested is the comparing.
    const small = async ({ region, postgres, network }: Platform) =>
      new Map([
        [
          'main.tf.json',
          JSON.stringify({
            provider: { aws: { region } },
            resource: {
              aws_nat_gateway: { nat: { count: network.egress === 'single-nat' ? 1 : 3 } },
              aws_db_instance: {
                db: {
                  engine: 'postgres',
                  instance_class: 'db.m6g.large',
                  allocated_storage: 100,
                  storage_type: 'gp3',
                  multi_az: postgres.multiAz,
                },
              },
            },
          }),
        ],
      ]);
    const { base, alternatives: found } = await compare(DEFAULT_PLATFORM, small, TODAY, (one) => names.push(one.id));
    expect(found.map((one) => one.id).sort()).toEqual(names.sort());
    expect(found.map((one) => one.delta)).toEqual([...found.map((one) => one.delta)].sort((a, b) => a - b));
    const delta = (id: string) => found.find((one) => one.id === id)?.delta;
    expect([delta('single-az'), delta('nat-per-zone'), delta('gp2')]).toEqual([-127.57, 65.7, 0]);
    for (const one of found) expect(base.monthly.likely + one.delta).toBeCloseTo(one.monthly, 6);
  });

  test('savings of operation come from lines: 220 of 730 hours of the testing node', async () => {
    const { lines } = await bill(DEFAULT_PLATFORM);
    const found = Object.fromEntries(operationalSavings(DEFAULT_PLATFORM, lines).map((one) => [one.id, one.delta]));
    expect(found['testing-by-schedule']).toBeCloseTo(-0.077 * (730 - 220), 2);
    expect(found['worker-on-spot']).toBeCloseTo(-56.21 * 0.527, 2);
    expect(found['aws-managed-keys']).toBe(-1);
  });
});
