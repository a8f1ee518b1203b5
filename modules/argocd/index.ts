/** Argo CD as the command line needs it (ADR 2): its Applications as objects of Kubernetes, what they say, and what moves them. */
export { APPLICATION, type Application, ARGOCD_NAMESPACE, inWaves, ROOT } from './application';
export { ARGO_CD_CHART } from './chart';
export { Cluster, codeOf, type Manifest, messageOf, type Outcome } from './cluster';
export { type Context, DEFAULT_CONTEXT, whyCareful } from './context';
export { deployedBy } from './live';
export { conditionsOf, isLabelled, type LiveObject, nameOf } from './live-object';
export { type Request, requestFor, written } from './request';
export { type ApplicationStatus, statusOf, waitsForResources } from './status';
export { next, OBSERVED_KINDS, type Observed, PLATFORM_NAMESPACES, PROJECT } from './teardown';
