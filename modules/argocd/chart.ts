/**
 * The chart that Argo CD is installed from, pinned once for Terraform (stacks/gitops) and for `cimiento gitops bootstrap`; its values
 * are gitops/argocd/values.yaml. What a render of this version showed: __tests__/fixtures/charts/argo-cd.values.json.
 */
export const ARGO_CD_CHART = {
  release: 'argocd',
  repository: 'https://argoproj.github.io/argo-helm',
  chart: 'argo-cd',
  version: '10.1.1',
} as const;
