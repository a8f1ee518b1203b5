/**
 * gitops: Argo CD and the root application, installed once. From then on Argo CD owns what it syncs; Terraform owns the two
 * releases (ADR 0008).
 *
 * Deletion: destroyed first, and only after `cimiento gitops teardown`, which removes what controllers made outside
 * Terraform. The root application is deleted before Argo CD (the release depends on it), so that its finalizer can run.
 * Data protection: none needed, git holds everything.
 */
import { Fn, TerraformOutput } from 'cdktf';
import { HelmProvider } from '@cdktf/provider-helm/lib/provider';
import { Release } from '@cdktf/provider-helm/lib/release';
import type { Construct } from 'constructs';
import type { ClusterOutputs, DataOutputs, NetworkOutputs, NodesOutputs } from '../modules/aws/outputs';
import { ARGO_CD_CHART } from '../modules/argocd/chart';
import { bridgeValues } from '../modules/bridge';
import type { PlatformInputs } from './inputs';
import { PlatformStack } from './platform-stack';

/** The project's root as Terraform sees it from cdktf.out/stacks/gitops. */
const PROJECT_ROOT = '${path.module}/../../..';

export interface GitopsSources {
  readonly network: NetworkOutputs;
  readonly cluster: ClusterOutputs;
  readonly data: DataOutputs;
  readonly nodes: NodesOutputs;
}

export class GitopsStack extends PlatformStack {
  constructor(scope: Construct, inputs: PlatformInputs, sources: GitopsSources) {
    super(scope, 'gitops', inputs);
    const { platform } = inputs;
    const { cluster } = sources;

    new HelmProvider(this, 'helm', {
      kubernetes: {
        host: cluster.endpoint,
        clusterCaCertificate: Fn.base64decode(cluster.certificateAuthority),
        // A token per run, never one in state: the deployer's own AWS identity, mapped by an access entry.
        exec: {
          apiVersion: 'client.authentication.k8s.io/v1',
          command: 'aws',
          args: ['eks', 'get-token', '--cluster-name', cluster.name, '--region', platform.region],
        },
      },
    });

    const argocd = new Release(this, 'argocd', {
      name: ARGO_CD_CHART.release,
      namespace: 'argocd',
      createNamespace: true,
      repository: ARGO_CD_CHART.repository,
      chart: ARGO_CD_CHART.chart,
      version: ARGO_CD_CHART.version,
      atomic: true,
      timeout: 600,
      // The file is read by Terraform at apply time, and is the one that `cimiento gitops bootstrap` reads elsewhere.
      values: [`\${file("${PROJECT_ROOT}/gitops/argocd/values.yaml")}`],
    });

    const values = bridgeValues({ platform, ...sources });
    // For people, and for `cimiento bridge`: what the root application was given.
    new TerraformOutput(this, 'bridge', { value: values });
    new Release(this, 'root', {
      name: 'root',
      namespace: 'argocd',
      chart: `${PROJECT_ROOT}/gitops/bootstrap`,
      values: [Fn.jsonencode(values)],
      dependsOn: [argocd],
    });
  }
}
