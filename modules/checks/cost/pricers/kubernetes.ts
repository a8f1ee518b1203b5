/** EKS control planes: an hour costs six times as much once the version has left standard support. */
import { EKS_VERSIONS, price } from '../../../catalog';
import { block, boolean, isUnknown } from '../../terraform';
import { textOf } from '../arguments';
import { Unpriced, type Charge } from '../line';
import { hourly, priceFor, type Pricer } from '../pricer';

const cluster: Pricer = ({ values }, { region, today }) => {
  for (const name of ['compute_config', 'outpost_config', 'remote_network_config'] as const) {
    if (isUnknown(values[name])) throw new Unpriced(name, `${name} is known only at apply`);
    const found = block(values[name]);
    if (found === undefined || (name === 'compute_config' && boolean(found.enabled) === false)) continue;
    throw new Unpriced(
      name,
      `${name} has a fee of its own (Auto Mode, Outposts, hybrid nodes) that the catalogue lacks`,
    );
  }
  const tier = textOf(values, 'control_plane_scaling_config.tier', 'standard');
  const provisioned: Charge[] =
    tier === 'standard'
      ? []
      : [
          hourly(
            `EKS provisioned control plane, ${tier}`,
            priceFor('control_plane_scaling_config', () =>
              price(`eks.provisionedControlPlane.${tier.replace(/^tier-/, '').toUpperCase()}`, region),
            ),
          ),
        ];
  return [
    controlPlane(values.version === undefined ? undefined : textOf(values, 'version'), today, region),
    ...provisioned,
  ];
};

function controlPlane(version: string | undefined, today: string, region: string): Charge {
  const standard = (assumed?: string) =>
    hourly('EKS control plane, standard support', price('eks.cluster.standard', region), 1, assumed);
  if (version === undefined) return standard('version is not set: EKS takes its newest');
  const fact = EKS_VERSIONS.find((one) => one.version === version);
  if (fact === undefined) {
    const known = EKS_VERSIONS.map((one) => one.version).join(', ');
    throw new Unpriced(
      'version',
      `EKS ${version} is not in the catalogue (${known}): its support, and so its price, is unknown`,
    );
  }
  if (today <= fact.standardUntil) return standard();
  if (today > fact.extendedUntil) {
    throw new Unpriced(
      'version',
      `EKS ${version} left extended support on ${fact.extendedUntil}: it can no longer be had`,
    );
  }
  return hourly(
    `EKS control plane, extended support (${version} left standard support on ${fact.standardUntil})`,
    price('eks.cluster.extendedSupportTotal', region),
  );
}

const fargate: Pricer = () => {
  throw new Unpriced('type', 'Fargate is billed by the size of pods, which no resource states');
};

export const kubernetesPricers: Readonly<Record<string, Pricer>> = {
  aws_eks_cluster: cluster,
  aws_eks_fargate_profile: fargate,
};
