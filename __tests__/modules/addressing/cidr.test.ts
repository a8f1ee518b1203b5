import IPCIDR from 'ip-cidr';
import { contains, formatCidr, overlap, parseCidr } from '../../../modules/addressing';

const block = (text: string) => parseCidr(text, 'platform.yaml network.services.cidr');

test.each(['10.100.0.0/19', '0.0.0.0/0', '255.255.255.255/32', '128.0.0.0/1', '192.168.255.240/28'])(
  '%s is read and written back',
  (text) => expect(formatCidr(block(text))).toBe(text),
);

test.each([
  ['10.0.5.7/16', 'has host bits set; did you mean 10.0.0.0/16?'],
  ['10.0.0.0/08', 'is not an IPv4 block'],
  ['::ffff:10.0.0.0/104', 'is not an IPv4 block'],
  ['::/0', 'is not an IPv4 block'],
])('%s, which ip-cidr lets through, is refused', (text, message) => {
  expect(IPCIDR.isValidCIDR(text)).toBe(true);
  expect(() => block(text)).toThrow(message);
});

test.each([
  '',
  'bogus',
  '10.0.0.0',
  '10.0.0.0/33',
  '10.0.0.256/8',
  '10.0/8',
  ' 10.0.0.0/8',
  '10.0.0.0/8\n',
  '010.0.0.0/8',
])('%j is refused with the place', (text) =>
  expect(() => block(text)).toThrow(/^platform.yaml network.services.cidr: .* write it as 10.100.0.0\/19$/),
);

test('containment is of whole blocks; blocks overlap only by containment', () => {
  expect(contains(block('10.100.0.0/19'), block('10.100.16.0/20'))).toBe(true);
  expect(contains(block('10.100.16.0/20'), block('10.100.0.0/19'))).toBe(false);
  expect(overlap(block('10.100.16.0/20'), block('10.100.0.0/19'))).toBe(true);
  expect(overlap(block('10.100.0.0/19'), block('10.100.32.0/22'))).toBe(false);
});
