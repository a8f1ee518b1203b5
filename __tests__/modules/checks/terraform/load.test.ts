import { Rejection, Rejections } from '../../../../modules/rejection';
import { loadTerraform } from '../../../../modules/checks/terraform';

const load = (files: Record<string, string>, root?: string) => loadTerraform(new Map(Object.entries(files)), root);

function rejection(files: Record<string, string>): string {
  try {
    load(files, 'cdktf.out');
  } catch (error) {
    if (error instanceof Rejection) return error.message;
    throw error;
  }
  throw new Error('was not rejected');
}

describe('what is read', () => {
  test('a cdktf.out: the manifest names the stacks, other folders are passed over', () => {
    const project = load({
      'manifest.json': JSON.stringify({ stacks: { net: { synthesizedStackPath: 'stacks/net/cdk.tf.json' } } }),
      'stacks/net/cdk.tf.json':
        '{"resource": {"aws_vpc": {"main": {"//": {"metadata": {}}, "cidr_block": "10.0.0.0/16", "count": 2}}}}',
      'stacks/stale/cdk.tf.json': '{"resource": {}}',
    });
    expect(project.stacks.map(({ name, folder }) => [name, folder])).toEqual([['net', 'stacks/net']]);
    expect(project.stacks[0]?.resources).toEqual([
      {
        stack: 'net',
        mode: 'resource',
        address: 'aws_vpc.main',
        type: 'aws_vpc',
        name: 'main',
        body: { cidr_block: '10.0.0.0/16' },
        meta: { count: 2 },
        origin: { file: 'stacks/net/cdk.tf.json', path: ['resource', 'aws_vpc', 'main'] },
      },
    ]);
  });

  test('a folder with several *.tf.json is one stack, and an override file is laid over the others', () => {
    const { stacks } = load({
      'a.tf.json': '{"resource": [{"aws_eip": {"x": [{"domain": "vpc", "tags": {}}]}}]}',
      'b.tf.json': '{"data": {"aws_region": {"here": {}}}, "terraform": [{"backend": {"s3": {"bucket": "b"}}}]}',
      'c_override.tf.json': '{"resource": {"aws_eip": {"x": {"domain": "standard"}}}}',
    });
    expect(stacks).toHaveLength(1);
    expect(stacks[0]).toMatchObject({ name: 'root', backend: { type: 's3', body: { bucket: 'b' } } });
    expect(stacks[0]?.resources[0]?.body).toEqual({ domain: 'standard', tags: {} });
    expect(stacks[0]?.data[0]?.address).toBe('data.aws_region.here');
  });
});

describe('what is refused, with file, line, value and fix', () => {
  test.each([
    ['nothing there', {}, 'cdktf.out: no Terraform JSON in it; give a cdktf.out, or a folder with a cdk.tf.json'],
    ['cut off', { 'a.tf.json': '{\n "resource": {' }, 'cdktf.out/a.tf.json:2: is no JSON:'],
    ['a stray comma', { 'a.tf.json': '{\n "locals": {\n  "a": 1,,\n }}' }, 'cdktf.out/a.tf.json:3: is no JSON:'],
    ['a wrong word', { 'a.tf.json': '{\n"a": tru,\n"b": 1\n}' }, "a.tf.json:2: is no JSON: Unexpected token ','"],
    ['single quotes', { 'a.tf.json': "{\n\n'a': 1}" }, "a.tf.json:3: is no JSON: Expected property name or '}'; syn"],
    ['words', { 'a.tf.json': '\n\nbanana\n\n' }, "cdktf.out/a.tf.json:3: is no JSON: Unexpected token 'b'; synthesize"],
    [
      'more behind it',
      { 'a.tf.json': '{}\n{}' },
      'a.tf.json:2: is no JSON: Unexpected non-whitespace character after JSON;',
    ],
    ['cut off in a word', { 'a.tf.json': '{\n"a": tru' }, 'a.tf.json:2: is no JSON: ends in the middle;'],
    ['a byte order mark', { 'a.tf.json': '\ufeff{}' }, 'a.tf.json:1: begins with a byte order mark; save it as UTF-8'],
    [
      'bottomless nesting',
      { 'a.tf.json': `{"locals": {\n"a": ${'['.repeat(20_000)}${']'.repeat(20_000)}}}` },
      'a.tf.json:2: is nested more than 500 deep; synthesize anew',
    ],
    ['empty', { 'a.tf.json': '\n' }, 'cdktf.out/a.tf.json: is empty'],
    ['a list', { 'a.tf.json': '[]' }, 'cdktf.out/a.tf.json: holds no JSON object'],
    [
      'an unknown block',
      { 'a.tf.json': '{\n"locals": {},\n"resources": {}}' },
      'a.tf.json:3: unknown block "resources"; did you mean "resource"?',
    ],
    [
      'a text for a block',
      { 'a.tf.json': '{"resource": {"aws_vpc": {\n"a": "10.0.0.0/16"}}}' },
      'a.tf.json:2: resource.aws_vpc.a is "10.0.0.0/16"',
    ],
    [
      'a resource twice',
      { 'a.tf.json': '{"resource":{"aws_vpc":{"a":{}}}}', 'b.tf.json': '{"resource":{"aws_vpc":{"a":{}}}}' },
      'b.tf.json:1: aws_vpc.a is declared twice; it is also in a.tf.json',
    ],
    [
      'a key twice, of which a reader of JSON would keep the last',
      { 'a.tf.json': '{"resource":{"aws_eip":{\n"a":{"tags":{"a":"\\"a\\": {","//":1,"//":2}},\n"a" :{"count":3}}}}' },
      'cdktf.out/a.tf.json:3: "a" is given twice in one object; rename one, or write both in an array',
    ],
    [
      'a stack that is missing',
      { 'manifest.json': '{"stacks":{"net":{"synthesizedStackPath":"stacks/net/cdk.tf.json"}}}' },
      'cdktf.out/manifest.json: stack net is in stacks/net/cdk.tf.json, which is missing; synthesize anew',
    ],
    [
      'a broken manifest',
      { 'manifest.json': '{"stacks":{"net":{}}}' },
      'manifest.json: stack net has no synthesizedStackPath',
    ],
  ])('%s', (_, files, message) => expect(rejection(files as Record<string, string>)).toContain(message));

  test('two broken files are both named', () => {
    expect(() => load({ 'a.tf.json': '{', 'x/b.tf.json': '' })).toThrow(Rejections);
    expect(rejection({ 'a.tf.json': '{', 'x/b.tf.json': '' })).toMatch(/a\.tf\.json:1.*\n.*b\.tf\.json: is empty/);
  });
});
