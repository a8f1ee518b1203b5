import { table } from '../../../modules/report/table';

const COLUMNS = [{ head: 'name' }, { head: 'size' }, { head: 'share', align: 'right' as const }];

test('columns are as wide as their widest cell; numbers are grouped and right-aligned', () => {
  const printed = table(COLUMNS, [
    ['kubernetes-private-a', 2048, '25 %'],
    ['bcp-1', 64, '6.25 %'],
  ]);
  expect(printed.split('\n')).toEqual([
    'name                   size   share',
    'kubernetes-private-a  2,048    25 %',
    'bcp-1                    64  6.25 %',
  ]);
});

test('colours do not shift a column', () => {
  const red = (text: string) => `\u001b[31m${text}\u001b[39m`;
  const [, coloured, plain] = table(COLUMNS, [
    [red('up'), 1, 'x'],
    ['up', 1, 'x'],
  ]).split('\n');
  expect(coloured!.replace(red('up'), 'up')).toBe(plain);
});

test('an empty cell is empty, no line ends in a space, and a table without rows is its heads', () => {
  expect(table([{ head: 'a' }, { head: 'b' }], [['x', undefined]])).toBe('a  b\nx');
  expect(table([{ head: 'a' }, { head: 'b' }], [])).toBe('a  b');
});
