import { reachability } from '../../../modules/checks/reachability';
import { loadTerraform, resolveProject } from '../../../modules/checks/terraform';
import { PLAIN } from '../../../modules/report/paint';
import { reachabilitySection } from '../../../modules/report/reachability-section';
import { reachabilityText } from '../../../modules/report/reachability-text';

const subnet = (segment: string, third: number) => ({
  vpc_id: '${aws_vpc.v.id}',
  cidr_block: `10.0.${third}.0/24`,
  tags: { segment },
});
const machine = (name: string) => ({
  subnet_id: `\${aws_subnet.${name}.id}`,
  vpc_security_group_ids: [`\${aws_security_group.${name}.id}`],
});
const rule = (own: string, other: string, port: number) => ({
  security_group_id: `\${aws_security_group.${own}.id}`,
  referenced_security_group_id: `\${aws_security_group.${other}.id}`,
  ip_protocol: 'tcp',
  from_port: port,
  to_port: port,
});

/** Two segments; `app` may call `db` on 5432 and on 8080. */
const PROJECT = {
  aws_vpc: { v: { cidr_block: '10.0.0.0/16' } },
  aws_subnet: { app: subnet('app', 0), db: subnet('db', 1) },
  aws_security_group: { app: {}, db: {} },
  aws_vpc_security_group_egress_rule: { a: rule('app', 'db', 5432), b: rule('app', 'db', 8080) },
  aws_vpc_security_group_ingress_rule: { a: rule('db', 'app', 5432), b: rule('db', 'app', 8080) },
  aws_instance: { app: machine('app'), db: machine('db') },
};

const matrix = async () =>
  reachability(
    await resolveProject(loadTerraform(new Map([['main.tf.json', JSON.stringify({ resource: PROJECT })]]), '.')),
    { allow: [{ from: 'app', to: 'db', ports: [5432, 27017] }] },
  );

test('the terminal shows what is open and what is wrong, who it is for, and what says so', async () => {
  const lines = reachabilityText(await matrix(), PLAIN).split('\n');
  expect(lines.slice(0, 4).map((line) => line.trimEnd())).toEqual([
    'from \\ to  app  db                        internet',
    'app             5432 8080! 27017 closed!  443 closed!',
    'db         ·                              443 closed!',
    'internet   ·    ·',
  ]);
  expect(lines[4]).toContain('4 not as network.allow has it');
  const postgres = lines.indexOf('app → db, postgres 5432');
  expect(lines.slice(postgres + 1, postgres + 3)).toEqual([
    '  root/aws_instance.app → root/aws_instance.db',
    '  by root/aws_vpc_security_group_egress_rule.a, root/aws_vpc.v, the default network ACL, root/aws_vpc_security_group_ingress_rule.a',
  ]);
  expect(lines).toContainEqual(
    expect.stringMatching(/^db +app internet +.*aws_security_group.db: no rule lets it out$/),
  );
});

test('the page marks the same', async () => {
  const page = reachabilitySection(await matrix());
  expect(page).toContain('<span class="open" title="postgres">5432</span>');
  expect(page).toContain('<span class="wrong">8080</span>');
  expect(page).toContain('<span class="wrong" title="mongodb">27017 closed</span>');
});
