/** Colours on a terminal, none in a pipe or with NO_COLOR: picocolors decides. */
import pc from 'picocolors';
import type { Paint } from '../modules/report/paint';

export const paint: Paint = pc;
