/**
 * The script that forms the replica set, run against stand-ins for mongosh's `db` and `rs`: its logic only, since MongoDB's
 * server can't be had here (docs/verified.md).
 */
import { runInNewContext } from 'node:vm';
import { mongodbMember, nodeScriptOf } from './user-data';

const FORM = /<<'JS'\n([\s\S]*?)^JS$/m.exec(nodeScriptOf(mongodbMember(1)))![1]!;

interface Member {
  initiated: boolean;
  primary: boolean;
  /** User names with their roles. */
  readonly users: Record<string, unknown>;
}

class Quit extends Error {}

/** Runs the script on a member; returns its exit status. */
function form(member: Member, initiate: boolean): number {
  let signedIn = false;
  const allowed = () => signedIn || Object.keys(member.users).length === 0;
  const admin = {
    auth: () => {
      if (!('admin' in member.users)) throw new Error('Authentication failed.');
      signedIn = true;
      return { ok: 1 };
    },
    getUser: (name: string) => member.users[name] ?? null,
    createUser: ({ user, roles }: { user: string; roles: unknown }) => {
      if (!allowed()) throw new Error('command createUser requires authentication');
      member.users[user] = roles;
    },
  };
  const rs = {
    initiate: ({ members }: { members: { _id: number; host: string }[] }) => {
      if (member.initiated) throw Object.assign(new Error('already initialized'), { codeName: 'AlreadyInitialized' });
      expect(members.map(({ _id, host }) => `${_id} ${host}`)).toEqual(['0 a:27017', '1 b:27017', '2 c:27017']);
      Object.assign(member, { initiated: true, primary: true });
    },
  };
  const env = {
    ADMIN_PASSWORD: 'x',
    MONITOR_PASSWORD: 'y',
    APP_PASSWORD: 'z',
    HOSTS: 'a:27017,b:27017,c:27017',
    REPLICA_SET: 'cimiento',
    INITIATE: initiate ? 'yes' : 'no',
  };
  const db = { getSiblingDB: () => admin, hello: () => ({ isWritablePrimary: member.primary }) };
  const quit = (status: number) => {
    throw Object.assign(new Quit(), { status });
  };
  try {
    runInNewContext(FORM, { process: { env }, db, rs, quit, sleep: () => undefined });
    return 0;
  } catch (error) {
    if (error instanceof Quit) return (error as Quit & { status: number }).status;
    throw error;
  }
}

const FORMED = { admin: ['root'], monitor: expect.anything(), app: [{ role: 'readWrite', db: 'app' }] };

describe('forming the replica set', () => {
  it('the first member initiates it and makes the users', () => {
    const member: Member = { initiated: false, primary: false, users: {} };
    expect(form(member, true)).toBe(0);
    expect(member.users).toEqual(FORMED);
  });

  it('the others wait: they initiate nothing', () => {
    const member: Member = { initiated: false, primary: false, users: {} };
    expect(form(member, false)).toBe(3);
    expect(member).toEqual({ initiated: false, primary: false, users: {} });
  });

  it('goes on where a crash left it: initiated, no users yet', () => {
    const member: Member = { initiated: true, primary: true, users: {} };
    expect(form(member, true)).toBe(0);
    expect(member.users).toEqual(FORMED);
  });

  it('makes the missing users when another member became primary after a crash', () => {
    const member: Member = { initiated: true, primary: true, users: { admin: ['root'] } };
    expect(form(member, false)).toBe(0);
    expect(member.users).toEqual(FORMED);
  });

  it('leaves users that exist as they are', () => {
    const users = { admin: ['root'], monitor: ['changed'], app: ['changed'] };
    const member: Member = { initiated: true, primary: true, users: { ...users } };
    expect(form(member, true)).toBe(0);
    expect(member.users).toEqual(users);
  });
});
