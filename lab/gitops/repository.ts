/** The git repository that Argo CD watches: this project's working tree as a repository of its own on the lab's git server. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { LAB, must, PROJECT } from './cluster';

/** As in platform.yaml: inside the lab github.com is the lab's git server. */
const NAME = 'you/cimiento';

const OVERLAY = 'gitops/hello-api/lab/kustomization.yaml';

export class Repository {
  readonly folder = mkdtempSync(join(tmpdir(), 'cimiento-e2e-'));

  /** @param branch the one that Argo CD is to watch */
  constructor(private readonly branch = 'main') {}

  /** Copies what Argo CD reads, with changes that are not committed yet, and pushes it. */
  async begin(): Promise<string> {
    rmSync(join(process.env['LAB_HOME']!, 'git', `${NAME}.git`), { recursive: true, force: true });
    const url = (await must(LAB, ['git', NAME])).trim();
    const files = (await must('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard', 'gitops', 'apps/hello-api'])).split('\0');
    for (const file of files.filter((one) => one !== '')) {
      mkdirSync(dirname(join(this.folder, file)), { recursive: true });
      cpSync(join(PROJECT, file), join(this.folder, file));
    }
    await this.#git('init', '-q', '-b', this.branch);
    await this.#git('remote', 'add', 'origin', url);
    return this.push('the platform as it is');
  }

  /** Replaces text in a file. @throws when the file does not have it */
  edit(path: string, from: string | RegExp, to: string): void {
    const file = join(this.folder, path);
    const text = readFileSync(file, 'utf8');
    const edited = text.replace(from, to);
    if (edited === text) throw new Error(`${path} has no ${String(from)}`);
    writeFileSync(file, edited);
  }

  write(path: string, text: string): void {
    writeFileSync(join(this.folder, path), text);
  }

  /**
   * Names an image as publish.yml does after it has built one: by digest, with the same program. The lab's overlay runs tags that the lab
   * builds; from here on it runs what was published, as the others do.
   */
  async publish(reference: string): Promise<void> {
    if (!readFileSync(join(this.folder, OVERLAY), 'utf8').includes('components:'))
      this.edit(OVERLAY, 'resources:', 'components: [../../../apps/hello-api/deploy/published]\nresources:');
    const file = join(mkdtempSync(join(tmpdir(), 'cimiento-digest-')), 'hello-api');
    writeFileSync(file, reference);
    await must(join(this.folder, 'apps/hello-api/deploy/published/set'), [file]);
    rmSync(dirname(file), { recursive: true });
  }

  /** Commits everything and pushes. @returns the commit */
  async push(message: string): Promise<string> {
    await this.#git('add', '-A');
    await this.#git('commit', '-qm', message);
    return this.#publish();
  }

  /** Takes the last commit back, by a commit. */
  async revert(): Promise<string> {
    await this.#git('revert', '--no-edit', 'HEAD');
    return this.#publish();
  }

  end(): void {
    rmSync(this.folder, { recursive: true, force: true });
    rmSync(join(process.env['LAB_HOME']!, 'git', `${NAME}.git`), { recursive: true, force: true });
  }

  async #publish(): Promise<string> {
    await this.#git('push', '-q', 'origin', this.branch);
    return (await this.#git('rev-parse', 'HEAD')).trim();
  }

  #git(...args: string[]): Promise<string> {
    const identity = ['-c', 'user.name=e2e', '-c', 'user.email=e2e@localhost', '-c', 'commit.gpgsign=false'];
    return must('git', [...identity, ...args], this.folder);
  }
}
