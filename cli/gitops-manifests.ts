/** What Argo CD will sync onto EKS, as far as it makes volumes: they are priced with the platform, though Terraform makes none. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ManifestFile } from '../modules/checks/cost';

/** The values that the charts of the EKS target get; what the root chart renders from them is tested in __tests__/gitops. */
const EKS_VALUES = 'gitops/root/overlays/eks.yaml';

export function gitopsManifests(): ManifestFile[] {
  const file = join(__dirname, '..', EKS_VALUES);
  return existsSync(file) ? [{ path: EKS_VALUES, text: readFileSync(file, 'utf8') }] : [];
}
