/** The bridge's values for a target: said by platform.yaml, or, on EKS, put out by the stacks that Terraform has applied. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { BRIDGE_SCHEMA, type BridgeValues, localBridgeValues, type Target } from '../modules/bridge';
import { Rejection } from '../modules/rejection';
import type { Platform } from '../modules/spec/platform';
import { readInput, readPlatform } from './platform';

export interface BridgeOptions {
  /** Path of platform.yaml. */
  readonly platform: string;
  /** A file of values, or of Terraform outputs as JSON (`terraform output -json`); `-` is stdin. */
  readonly values?: string;
}

/** Name of the output of stack `gitops` that carries them; the stack writes the same name. */
const OUTPUT = 'bridge';

/** @throws Rejection when they are not what the bridge's schema says, or nothing is applied yet */
export function bridgeFor(target: Target, { platform: file, values }: BridgeOptions): BridgeValues {
  if (values !== undefined) return checked(values, fromFile(values), target);
  const platform = readPlatform(file);
  if (target !== 'eks') return localBridgeValues(target, platform);
  return checked('the stacks’ outputs', applied(platform), target);
}

function fromFile(file: string): unknown {
  const read = parsed(file, file === '-' ? readFileSync(0, 'utf8') : readInput(file));
  return outputOf(read) ?? read;
}

/** YAML, which JSON is too. @throws Rejection when it is neither */
function parsed(where: string, text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    const [said] = (error as Error).message.split('\n');
    throw new Rejection(where, `it is neither YAML nor JSON (${said!.replace(/:$/, '')})`, 'is it whole?');
  }
}

/** The bridge's values among outputs, as `terraform output -json` prints them, a state file holds them, and a stack declares them. */
export function outputOf(outputs: unknown): unknown {
  return (outputs as Record<string, { value?: unknown } | undefined> | null)?.[OUTPUT]?.value;
}

/** From the state where it is a file, and by Terraform where it is in S3. */
function applied(platform: Platform): unknown {
  const outputs = platform.state.kind === 'local' ? localOutputs() : terraformOutputs();
  const value = outputOf(outputs);
  if (value !== undefined) return value;
  const fix = 'npx cdktf deploy network cluster data nodes gitops; before that, --synthesized shows the expressions';
  throw new Rejection('stack gitops', 'it has not put out the bridge’s values yet', fix);
}

function localOutputs(): unknown {
  const file = join('.state', 'gitops.tfstate');
  return existsSync(file) ? (parsed(file, readInput(file)) as { outputs?: unknown } | null)?.outputs : undefined;
}

function terraformOutputs(): unknown {
  const folder = join('cdktf.out', 'stacks', 'gitops');
  try {
    const args = [`-chdir=${folder}`, 'output', '-json'];
    return JSON.parse(execFileSync('terraform', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }));
  } catch (error) {
    const said = (error as { stderr?: string }).stderr ?? String(error);
    const first = said.split('\n').find((line) => line.trim() !== '') ?? 'no answer';
    const fix = `terraform -chdir=${folder} init, or hand over its outputs with --values FILE`;
    throw new Rejection(folder, `Terraform puts out nothing (${first.trim()})`, fix);
  }
}

function checked(where: string, values: unknown, target: Target): BridgeValues {
  const { data, error } = BRIDGE_SCHEMA.safeParse(values);
  if (error !== undefined) {
    const issue = error.issues[0]!;
    throw new Rejection(
      where,
      `${issue.path.join('.') || 'the values'}: ${issue.message}`,
      'see gitops/bootstrap/values.schema.json',
    );
  }
  if (data.target !== target)
    throw new Rejection(where, `these are the values of ${data.target}`, `--target ${data.target}`);
  return data;
}
