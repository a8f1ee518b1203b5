/** The user data of a service node. */
import type { Download } from '../data-artifacts';
import { nodeScript, userData } from './render';

export interface ServiceNodeUserData {
  /** `svc-1`. */
  readonly name: string;
  readonly nodeExporter: Download;
  readonly nodeExporterPort: number;
}

export function serviceNodeUserData({ name, nodeExporter, nodeExporterPort }: ServiceNodeUserData): string {
  const script = nodeScript(['base.sh', 'node-exporter.sh', 'service-node.sh'], {
    NODE_EXPORTER_URL: nodeExporter.url,
    NODE_EXPORTER_SHA256: nodeExporter.checksum,
    NODE_EXPORTER_PORT: nodeExporterPort,
  });
  return userData(`service node ${name}`, script);
}
