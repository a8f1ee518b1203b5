import fc from 'fast-check';
import { parseBatch, parseTemplates } from '../../../../modules/checks/terraform/parse';
import { readPlainTemplate } from '../../../../modules/checks/terraform/plain-template';
import { print } from '../../../../modules/checks/terraform/print';

const parse = async (text: string) => (await parseBatch([text]))[0];

describe('the reader of plain templates', () => {
  const name = fc
    .stringMatching(/^[a-zA-Z_][a-zA-Z0-9_-]{0,8}$/)
    .filter((one) => !['true', 'false', 'null', 'for', 'in', 'if'].includes(one));
  const step = fc.oneof(
    name.map((one) => `.${one}`),
    fc.nat(99).map((one) => `[${one}]`),
    fc.stringMatching(/^[a-z0-9/ .@+-]{1,6}$/).map((one) => `["${one}"]`),
  );
  const traversal = fc
    .tuple(name, fc.array(step, { minLength: 1, maxLength: 5 }))
    .map(([root, steps]) => `\${${root}${steps.join('')}}`);
  const { expression } = fc.letrec<{ expression: string }>((tie) => {
    const inner = tie('expression');
    const quoted = fc
      .array(
        fc.oneof(
          fc.stringMatching(/^[ -~]{0,6}$/).map((one) => one.replaceAll('\\', '/').replaceAll('"', '\\"')),
          fc.constantFrom('\\n', '\\\\', '\\"', '$', '%', '{', '}', '\\q', 'é'),
          inner.map((one) => `\${${one}}`),
        ),
        { maxLength: 3 },
      )
      .map((parts) => `"${parts.join('')}"`);
    const blank = fc.constantFrom('', ' ', '  ');
    const list = fc.tuple(fc.array(inner, { maxLength: 3 }), blank).map(([items, gap]) => items.join(`,${gap}`));
    const entry = fc
      .tuple(fc.oneof(name, quoted), fc.constantFrom(' = ', '=', ': '), inner)
      .map((parts) => parts.join(''));
    return {
      expression: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        fc.tuple(name, fc.array(step, { maxLength: 3 })).map(([root, steps]) => `${root}${steps.join('')}`),
        fc.constantFrom('0', '17', '1.5', '-3', 'true', 'false', 'null'),
        quoted,
        fc.tuple(name, list).map(([called, args]) => `${called}(${args})`),
        list.map((items) => `[${items}]`),
        fc.array(entry, { maxLength: 3 }).map((entries) => `{${entries.join(', ')}}`),
      ),
    };
  });
  const call = fc
    .tuple(name, fc.array(expression, { maxLength: 3 }))
    .map(([f, args]) => `\${${f}(${args.join(', ')})}`);
  const literal = fc.oneof(
    fc.string({ maxLength: 6 }).filter((one) => !/\r/.test(one)),
    fc.string({ unit: fc.constantFrom('$', '%', '{', '}', 'a', '\n'), maxLength: 6 }),
  );

  // The parser of HCL is the oracle: whatever the quick reader answers, the parser must answer too.
  test('agrees with the parser of HCL', async () => {
    const templates = fc
      .array(fc.oneof(traversal, call, literal), { minLength: 1, maxLength: 4 })
      .map((parts) => parts.join(''));
    await fc.assert(
      fc.asyncProperty(templates, async (text) => {
        fc.pre(text.includes('${'));
        const quick = readPlainTemplate(text);
        if (quick !== undefined) expect(quick).toEqual(await parse(text));
      }),
      { numRuns: 1000, seed: 4 },
    );
  });

  test('reads what cdktf writes, and leaves all else to the parser', () => {
    expect(readPlainTemplate('${aws_s3_bucket.logs.arn}/*')).toBeDefined();
    expect(
      readPlainTemplate('${data.terraform_remote_state.cross-stack-reference-input-network.outputs.x}'),
    ).toBeDefined();
    expect(
      readPlainTemplate('${jsonencode({"a" = [1, true, "x\\n${b.c}/"], "d" = {"e" = f(g.h["i"])}})}'),
    ).toBeDefined();
    for (const text of [
      '${a.b + 1}',
      '${f(a.b...)}',
      '${f(a.b)[0]}',
      '${[for a in b : a]}',
      '${f(-1)}',
      '$$${a.b}',
      '%{if a.b}x%{endif}',
      '${a.*.b}',
      '${true}',
      '${a.b',
      '${a. b}',
    ])
      expect([text, readPlainTemplate(text)]).toEqual([text, undefined]);
  });
});

describe('expressions', () => {
  test.each([
    ['${join(",", aws_x.y.*.id)}', 'join(",", aws_x.y[*].id)'],
    ['${[for s in var.x : upper(s.id) if s.ok]}', '[for s in var.x : upper(s.id)]'],
    ['${a.b ? {a = 1, (b.c) = "two"} : -3}', 'a.b ? {"a" = 1, b.c = "two"} : -3'],
    ['${tolist(aws_x.y.identity[0].oidc)[0].issuer}', 'tolist(aws_x.y.identity[0].oidc)[0].issuer'],
    ['${(a.b)}', 'a.b'],
    ['${"x"}', '"x"'],
    ['line 1\n${a.b}\n', '"line 1\\n${a.b}\\n"'],
    ['$${not} ${a.b}', '"${not} ${a.b}"'],
    ['é${f("é\\n")}', '"é${f("é\\n")}"'],
  ])('%s', async (text, printed) => {
    const read = await parse(text);
    expect(read && read.kind !== 'fault' ? print(read) : read).toBe(printed);
  });

  test('a fault is told in the words of HCL and spoils none of its neighbours', async () => {
    const templates = await parseTemplates(['${f(1)}', '${upper(aws_vpc.a.id}', '${f(2)}', '${']);
    expect(templates.get('${upper(aws_vpc.a.id}')).toMatchObject({
      kind: 'fault',
      message: expect.stringContaining('Missing argument separator'),
    });
    expect(templates.get('${')).toMatchObject({ kind: 'fault', message: expect.stringContaining('no closing brace') });
    expect(templates.get('${f(2)}')).toMatchObject({ kind: 'call', name: 'f' });
  });
});
