/** What is judged over several values at once; a file a concern. */
import { blocks } from './blocks';
import { entry } from './entry';
import { instances } from './instances';
import { members } from './members';
import { nodes } from './nodes';
import { region } from './region';
import { repeated } from './repeated';
import type { Rule } from './rule';
import { segments } from './segments';
import { shapes } from './shapes';
import { versions } from './versions';
import { waivers } from './waivers';

export const RULES: readonly Rule[] = [
  region,
  blocks,
  segments,
  shapes,
  versions,
  instances,
  members,
  nodes,
  entry,
  repeated,
  waivers,
];
