import { type Application, inWaves, isCurrent } from '../../../modules/argocd/application';

const SOURCE = { repoURL: 'https://github.com/you/cimiento', targetRevision: 'aaa', path: 'gitops/root' };
const application = (source: object, compared?: object): Application => ({
  metadata: { name: 'hello-api' },
  spec: { source },
  status: { sync: { status: 'Synced', ...(compared && { comparedTo: { source: compared } }) } },
});

test.each<[string, Application, boolean]>([
  ['the very source', application(SOURCE, SOURCE), true],
  ['the commit before', application({ ...SOURCE, targetRevision: 'bbb' }, SOURCE), false],
  ['nothing compared yet', application(SOURCE), false],
  [
    'what is empty left out',
    application({ ...SOURCE, directory: { recurse: false, jsonnet: {} }, chart: '' }, SOURCE),
    true,
  ],
  [
    'a value of helm switched off, where the chart may have it on',
    application(
      { ...SOURCE, helm: { valuesObject: { a: true, b: false } } },
      { ...SOURCE, helm: { valuesObject: { a: true } } },
    ),
    false,
  ],
  ['a value of helm taken away', application(SOURCE, { ...SOURCE, helm: { valuesObject: { a: 'b' } } }), false],
])('current when compared with %s: %#', (_, one, expected) => {
  expect(isCurrent(one)).toBe(expected);
});

test('waves are numbers, not texts; the root comes first', () => {
  const at = (name: string, wave?: string): Application => ({
    metadata: { name, annotations: wave === undefined ? {} : { 'argocd.argoproj.io/sync-wave': wave } },
  });
  const names = inWaves([at('late', '10'), at('b', '2'), at('root'), at('a', '2'), at('early', '-1')]);
  expect(names.map(({ metadata }) => metadata.name)).toEqual(['root', 'early', 'a', 'b', 'late']);
});
