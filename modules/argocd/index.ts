/** Argo CD as the command line needs it (ADR 2): its Applications as objects of Kubernetes, and what they say, in order of waves. */
export { type Application, type ApplicationStatus, statusOf } from './status';
export { applications } from './client';
