/**
 * No burstable class, in any attribute of any resource. Three nets: attributes that name instances must hold a type that the
 * catalogue does not call burstable; a burstable type is looked for in the text of every other argument (Helm values, templates
 * of other tools); and types that are burstable when nobody says anything must say something.
 */
import { whyBurstable } from '../../catalog';
import families from '../../catalog/data/burstable.json';
import { block, isUnknown, list, text, type Instance, type ResolvedProject } from '../terraform';
import { Topology } from '../topology';
import { leaves, type Leaf, type Objection, type Policy } from './policy';

/** Names of arguments that hold instance types, in all 1,581 resource types of the AWS provider 6.25. */
const INSTANCE_ATTRIBUTE =
  /(instance|node|host|server)_(type|types|class|family)$|^(dedicated_master_type|warm_type|bundle_id)$/;

/** Arguments of such a name that hold none: what is kept out, or a way to buy. */
const NO_INSTANCE = new Set([
  'excluded_instance_types',
  'hidden_instance_types',
  'spot_instance_type',
  'single_instance_type',
  'netbios_node_type',
  'database_server_type',
  'storage_server_type',
]);

/** Text in which a type's name is only a word. */
const WORDS_ONLY = new Set([
  'tags',
  'tags_all',
  'name',
  'name_prefix',
  'description',
  'policy',
  'assume_role_policy',
  'excluded_instance_types',
  'hidden_instance_types',
]);

/** `t3.micro`, `db.t4g.medium`, `t3.small.search`, `m7i-flex.large` in the middle of a text. */
const TYPE_IN_TEXT =
  /(?<![\w.-])(?:[a-z]{2,10}\.)?(?:t\d[a-z]*|[a-z]\d[a-z]*-flex)\.(?:nano|micro|small|medium|\d*x?large|metal|\*)(?![\w-])/gi;

/** `bundle_id` names machines of Lightsail alone. */
const holdsInstance = (type: string, { name }: Leaf): boolean =>
  INSTANCE_ATTRIBUTE.test(name) &&
  !NO_INSTANCE.has(name) &&
  (name !== 'bundle_id' || /^aws_lightsail_(instance|database)$/.test(type));

/** Why an argument's text is refused: a type, or a pattern (`t3*`) that some burstable type fits. */
function whyRefused(value: string): string | undefined {
  if (!value.includes('*')) return whyBurstable(value);
  const pattern = new RegExp(
    `^${value
      .split('*')
      .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
    'i',
  );
  const fits = [...families.burstableFamilies, ...families.flexFamilies].find((family) =>
    pattern.test(`${family}.large`),
  );
  return fits === undefined ? undefined : `${fits}.large fits it, and ${whyBurstable(`${fits}.large`) ?? 'can burst'}`;
}

function* judge(instance: Instance, project: ResolvedProject): Generator<Omit<Objection, 'instance'>> {
  const { type } = instance.resource;
  for (const leaf of leaves(instance.values)) {
    const { path, name, value } = leaf;
    if (name === 'burstable_performance' && (value === 'included' || value === 'required')) {
      yield {
        attribute: path,
        value,
        message: `burstable_performance is ${value}: AWS may choose a class that runs on CPU credits`,
        fix: 'set it to excluded',
      };
    } else if (holdsInstance(type, leaf)) {
      const why = typeof value === 'string' ? whyRefused(value) : undefined;
      if (why !== undefined) yield { attribute: path, value, message: `${String(value)} is refused: ${why}` };
      else if (isUnknown(value))
        yield {
          attribute: path,
          value: value.text,
          message: `${value.text} is known only at apply, so whether it can burst cannot be told`,
          fix: 'write the type in the configuration',
        };
    } else if (!path.split('.').some((part) => WORDS_ONLY.has(part))) {
      const source = isUnknown(value) ? value.text : text(value);
      for (const [found] of source?.matchAll(TYPE_IN_TEXT) ?? []) {
        const why = whyBurstable(found);
        if (why !== undefined) yield { attribute: path, value: found, message: `${found} is refused: ${why}` };
      }
    }
  }
  yield* defaults(instance, project);
}

/** Resources that AWS gives a burstable class when none is asked for. */
function* defaults({ resource, values }: Instance, project: ResolvedProject): Generator<Omit<Objection, 'instance'>> {
  if (resource.type === 'aws_eks_node_group' && list(values.instance_types).length === 0) {
    const said = Topology.of(project)
      .launchTemplates(values)
      .some((one) => one.values.instance_type !== undefined || one.values.instance_requirements !== undefined);
    if (!said)
      yield { attribute: 'instance_types', message: 'no instance_types: EKS takes t3.medium, which is burstable' };
  }
  if (resource.type === 'aws_elastic_beanstalk_environment') {
    const names = list(values.setting).map((setting) => text(block(setting)?.name));
    if (!names.some((name) => name === 'InstanceType' || name === 'InstanceTypes'))
      yield {
        attribute: 'setting',
        message: 'no InstanceTypes setting: Elastic Beanstalk takes t3.micro, which is burstable',
      };
  }
}

export const BURSTABLE: readonly Policy[] = [
  {
    id: 'instance.burstable',
    severity: 'critical',
    title: 'No machine of any service runs on CPU credits',
    reason:
      'a burstable class slows down to a tenth of its speed when its credits are spent (Amazon EC2 User Guide, "CPU credits and baseline utilization"); brief 2.11 forbids them',
    fix: 'take a class of the m, c or r families, such as m6g.large',
    *find(project) {
      for (const instance of project.instances) {
        for (const objection of judge(instance, project)) yield { instance, ...objection };
      }
    },
  },
];
