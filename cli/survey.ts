/** Everything that is to be said of a synthesized platform: judged, priced, drawn. `start` and `report` show it. */
import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { waive } from '../modules/checks';
import { estimate, manifestCosts } from '../modules/checks/cost';
import { reachability, reachabilityFindings, specificationOf } from '../modules/checks/reachability';
import { loadTerraform } from '../modules/checks/terraform';
import { type Report, reportPage } from '../modules/report/html';
import { platformMap } from '../modules/report/platform-map';
import { Rejection } from '../modules/rejection';
import type { PlatformInputs } from '../stacks/inputs';
import { judge } from './findings';
import { gitopsManifests } from './gitops-manifests';
import { readInput, today } from './platform';
import type { SynthesizedStack } from './synth';
import { readTerraformFiles } from './terraform-files';

/** @param terraform folder into which the stacks were synthesized */
export async function survey(
  inputs: PlatformInputs,
  stacks: readonly SynthesizedStack[],
  terraform: string,
): Promise<Report> {
  const { platform } = inputs;
  const judged = await judge(loadTerraform(readTerraformFiles(terraform), terraform), platform.waivers);
  const { resolved } = judged;
  const matrix = reachability(resolved, specificationOf(platform));
  return {
    ...inputs,
    stacks,
    findings: [...judged.findings, ...waive(reachabilityFindings(matrix), platform.waivers, today())],
    estimate: estimate(resolved, {
      usage: platform.usage,
      today: today(),
      further: manifestCosts(gitopsManifests(), platform.region),
    }),
    reachability: matrix,
    picture: platformMap(resolved),
    madeOn: today(),
  };
}

/** Before anything is written. @throws Rejection where a page would take the place of a folder, or of what is no page */
export function requirePlaceForReport(file: string): void {
  if (!existsSync(file)) return;
  const status = statSync(file);
  const another = 'name another file, such as out/report.html';
  if (status.isDirectory()) throw new Rejection(file, 'it is a folder', another);
  if (status.isFile() && status.size > 0 && !/^<!doctype html>/i.test(readInput(file)))
    throw new Rejection(file, 'it is there, and it is no report', another);
}

export function writeReport(file: string, report: Report): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, reportPage(report));
}
