import families from '../../../modules/catalog/data/burstable.json';
import { isBurstable, offers, whyBurstable } from '../../../modules/catalog';

test.each([
  't1.micro',
  't2.large',
  't3.micro',
  't3a.xlarge',
  't4g.small',
  't5x.large',
  'T3.MICRO',
  ' t3.micro',
  't3.*',
  'db.t3.micro',
  'db.t4g.medium',
  'kafka.t3.small',
  'cache.t2.micro',
  'cache.t4g.small',
  't3.small.search',
  't2.medium.elasticsearch',
  'dms.t3.medium',
  'mq.t3.micro',
  'ml.t3.medium',
  'dax.t3.small',
  'm7i-flex.large',
  'c8i-flex.xlarge',
  'micro_3_0',
])('%s is burstable', (type) => {
  expect(isBurstable(type)).toBe(true);
});

test.each([
  'm6g.large',
  'db.m6g.large',
  'kafka.m7g.large',
  'express.m7g.large',
  'cache.r6g.large',
  'r6g.large.search',
  'dms.c5.large',
  'mq.m5.large',
  'trn1.2xlarge',
  'db.serverless',
  'u-6tb1.metal',
])('%s is not', (type) => {
  expect(isBurstable(type)).toBe(false);
});

test('the rule and the flags of DescribeInstanceTypes agree over every family of AWS', () => {
  for (const family of families.burstableFamilies) expect(isBurstable(`${family}.large`)).toBe(true);
  for (const family of families.flexFamilies) expect(isBurstable(`${family}.large`)).toBe(true);
  for (const family of families.otherFamilies)
    expect([family, isBurstable(`${family}.large`)]).toEqual([family, false]);
});

test('no service offers a burstable class to the choosers', () => {
  for (const service of ['ec2', 'rds', 'msk'] as const) {
    const names = offers(service, 'us-east-1').map((offer) => offer.name);
    expect(names.length).toBeGreaterThan(10);
    expect(names.filter(isBurstable)).toEqual([]);
  }
});

test('the reason names the family', () => {
  expect(whyBurstable('db.t4g.micro')).toBe('t4g runs on CPU credits (burstable performance)');
  expect(whyBurstable('m7i-flex.large')).toBe('m7i-flex guarantees only a 40 % CPU baseline (flex)');
});
