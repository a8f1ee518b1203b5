import ec2 from '../../../modules/catalog/data/ec2-ondemand.json';
import services from '../../../modules/catalog/data/services.json';
import {
  NoPrice,
  price,
  classPrice,
  PRICED_REGIONS,
  sizeInLarges,
  instanceType,
  SOURCES,
} from '../../../modules/catalog';

const usd = (item: string, region = 'us-east-1') => price(item, region).usd;

describe('prices that a bill worked by hand used', () => {
  // Each figure is a line of the worked example: monthly amount / (quantity × 730 h).
  const monthly = (hourly: number, quantity = 1) => Number((hourly * 730 * quantity).toFixed(2));

  test.each([
    ['ec2.m6g.large', 'us-east-1', 3, 168.63],
    ['ec2.m6g.large', 'ca-central-1', 3, 187.46],
    ['ec2.m5.large', 'us-east-1', 3, 210.24],
    ['ec2.m5.large', 'ca-central-1', 3, 234.33],
    ['ec2.r6g.large', 'us-west-2', 3, 220.75],
    ['ec2.m7g.large', 'us-east-2', 3, 178.7],
    ['ec2.m7g.large', 'ca-central-1', 3, 199.21],
    ['eks.cluster.standard', 'us-east-2', 1, 73],
    ['natGateway.hour', 'ca-central-1', 1, 36.5],
    ['publicIpv4.hour', 'us-east-2', 4, 14.6],
  ])('%s in %s × %i is %d a month', (item, region, quantity, expected) => {
    expect(monthly(usd(item, region), quantity)).toBeCloseTo(expected, 2);
  });

  test('Multi-AZ of db.m6g.large is twice Single-AZ: 232.14', () => {
    expect(monthly(classPrice('rds', 'db.m6g.large', 'us-east-1').usd, 2)).toBe(232.14);
  });
  test('three MSK brokers of kafka.m7g.large: 446.76; in ca-central-1 498.01', () => {
    expect(monthly(classPrice('msk', 'kafka.m7g.large', 'us-east-1').usd, 3)).toBe(446.76);
    expect(monthly(classPrice('msk', 'kafka.m7g.large', 'ca-central-1').usd, 3)).toBe(498.01);
  });
});

describe('a price says where it comes from', () => {
  test('every price of every item has a described source', () => {
    for (const [item, { regions }] of Object.entries(services.items)) {
      for (const [region, entry] of Object.entries(regions)) {
        if (entry === null || typeof entry.usd !== 'number') continue;
        const found = price(item, region);
        expect(found.usd).toBeGreaterThanOrEqual(0);
        expect(SOURCES[found.source]).toMatch(/\S/);
        expect(found.asOf).toMatch(/^20\d\d/);
      }
    }
  });
  test('a derived figure is never called published', () => {
    expect(price('natGateway.gb', 'us-east-2').confidence).toBe('estimate');
    expect(price('natGateway.hour', 'us-east-2').confidence).toBe('published');
    expect(price('ec2.m6g.large', 'ca-west-1').confidence).toBe('estimate');
    expect(price('ec2.m6g.large', 'us-east-2')).toMatchObject({ confidence: 'published', asOf: '2022-09-03' });
    for (const [region, codes] of Object.entries(ec2.provenance as Record<string, Record<string, string>>)) {
      for (const [type, code] of Object.entries(codes)) {
        const derived = code.startsWith('E') || code === 'Sx';
        expect([type, region, price(`ec2.${type}`, region).confidence]).toEqual([
          type,
          region,
          derived ? 'estimate' : 'published',
        ]);
      }
    }
  });
  test('a size that was not read is an estimate with its arithmetic', () => {
    const xlarge = classPrice('rds', 'db.m6g.xlarge', 'us-east-1');
    expect(xlarge).toMatchObject({ usd: 0.318, confidence: 'estimate' });
    expect(xlarge.note).toContain('2 × 0.159');
  });
});

describe('what is not known raises', () => {
  test.each([
    ['ec2.m6g.large', 'eu-west-1', /not in the catalogue/],
    ['ec2.m7a.large', 'ca-central-1', /it is in us-east-1/],
    ['ec2.p5.48xlarge', 'us-east-1', /not in the catalogue/],
    ['rds.postgres.db.m8g.large.singleAz', 'us-east-1', /nobody has read it/],
    ['transferInternetOut.gb', 'mx-central-1', /known in/],
    ['moon.rock', 'us-east-1', /not in the catalogue/],
    ['msk.serverless', 'us-east-1', /priced by kind: clusterHour/],
  ])('%s in %s', (item, region, message) => {
    expect(() => price(item, region)).toThrow(NoPrice);
    expect(() => price(item, region)).toThrow(message);
  });
  test('never a price of a class that is not sold', () => {
    expect(() => classPrice('msk', 'kafka.m6g.large', 'us-east-1')).toThrow(NoPrice);
    expect(() => classPrice('rds', 'db.m6g.medium', 'us-east-1')).toThrow(NoPrice);
  });
});

describe('algebra of the table', () => {
  test('a family is linear in its sizes', () => {
    for (const region of PRICED_REGIONS) {
      for (const family of ['m6g', 'm5', 'r6g', 'c7g', 'm8g']) {
        const large = usd(`ec2.${family}.large`, region);
        for (const size of ['xlarge', '2xlarge', '4xlarge']) {
          expect(usd(`ec2.${family}.${size}`, region) / large / (sizeInLarges(size) ?? NaN)).toBeCloseTo(1, 2);
        }
      }
    }
  });
  test('us-east-2 and us-west-2 sell plain families at the price of us-east-1', () => {
    for (const type of ['m6g.large', 'm5.large', 'r6g.large', 'm7g.large', 'c6g.large']) {
      expect(usd(`ec2.${type}`, 'us-east-2')).toBe(usd(`ec2.${type}`));
      expect(usd(`ec2.${type}`, 'us-west-2')).toBe(usd(`ec2.${type}`));
    }
  });
  test('sizes are counted in larges', () => {
    expect(['medium', 'large', 'xlarge', '2xlarge', '12xlarge', 'metal'].map(sizeInLarges)).toEqual([
      0.5,
      1,
      2,
      4,
      24,
      undefined,
    ]);
  });
  test('an instance type knows its machine', () => {
    expect(instanceType('m6g.large')).toMatchObject({ vcpu: 2, memoryGiB: 8, architecture: 'arm64', plain: true });
    expect(instanceType('m6gd.large')).toMatchObject({ plain: false });
    expect(instanceType('m7i-flex.large')).toMatchObject({ plain: false });
  });
});
