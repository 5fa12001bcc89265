/** What V8's sampling profiler writes, as much of it as is read here. */
export interface CpuProfile {
  readonly nodes: readonly ProfileNode[];
  readonly samples: readonly number[];
  /** Microseconds from the sample before. */
  readonly timeDeltas: readonly number[];
}

export interface ProfileNode {
  readonly id: number;
  readonly callFrame: CallFrame;
  readonly children?: readonly number[];
}

interface CallFrame {
  readonly functionName: string;
  readonly url: string;
  readonly lineNumber: number;
}

/** Microseconds by name, the most first. */
export type Shares = ReadonlyMap<string, number>;

export interface Attributed {
  /** By the innermost frame of the project, or of a package, that a sample was in: what code costs, wherever it is called. */
  readonly byRoom: Shares;
  /** The same, but words that all rooms share (`core`) count where they were called from: what a stage costs. */
  readonly byCaller: Shares;
  /** By function, with the natives and internals of Node that it called. */
  readonly byFunction: Shares;
  /** All but idle time, as the clock counts it: while the thread waits for a core it is busy too. */
  readonly busyUs: number;
  readonly idleUs: number;
}

/** A frame that says what the time is spent on, and the room that it belongs to. */
interface Place {
  readonly room: string;
  readonly label: string;
}

const IDLE = '(idle)';
/** What starts and ends the profile is no part of it. */
const PROBE = 'bench';
const SHARED = 'core';
const NATIVES = 'node: other';

/** What has no frame of the project or of a package above it: the module of Node that it began in. */
const NODE_ROOMS: readonly [RegExp, string][] = [
  [/^node:(?:_http|internal\/http|http)/, 'node:http'],
  [/^node:(?:net|internal\/stream_base|_tls|internal\/tls|tls|stream|internal\/streams)/, 'node:net and streams'],
  [
    /^node:(?:internal\/(?:timers|process\/task|process\/promises)|timers|internal\/async_hooks)/,
    'node: timers and ticks',
  ],
];

/** Each sample's time to the room and the function that it belongs to. */
export function attribute(profile: CpuProfile, root: string): Attributed {
  const places = new Places(profile.nodes, root);
  const [byRoom, byCaller, byFunction] = [
    new Map<string, number>(),
    new Map<string, number>(),
    new Map<string, number>(),
  ];
  let [busyUs, idleUs] = [0, 0];
  profile.samples.forEach((id, at) => {
    const us = profile.timeDeltas[at] ?? 0;
    const { own, caller } = places.of(id);
    if (own.room === PROBE) return;
    if (own.room === IDLE) {
      idleUs += us;
      return;
    }
    busyUs += us;
    add(byRoom, own.room, us);
    add(byCaller, caller.room, us);
    add(byFunction, own.label, us);
  });
  return { byRoom: sorted(byRoom), byCaller: sorted(byCaller), byFunction: sorted(byFunction), busyUs, idleUs };
}

function add(sums: Map<string, number>, name: string, us: number): void {
  sums.set(name, (sums.get(name) ?? 0) + us);
}

function sorted(sums: ReadonlyMap<string, number>): Shares {
  return new Map([...sums].toSorted(([, a], [, b]) => b - a));
}

interface Attribution {
  readonly own: Place;
  readonly caller: Place;
}

/** Where each node of the tree belongs, found once. */
class Places {
  readonly #nodes: ReadonlyMap<number, ProfileNode>;
  readonly #parents: ReadonlyMap<number, number>;
  readonly #root: string;
  readonly #found = new Map<number, Attribution>();

  constructor(nodes: readonly ProfileNode[], root: string) {
    this.#nodes = new Map(nodes.map((node) => [node.id, node]));
    this.#parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)));
    this.#root = root.endsWith('/') ? root : `${root}/`;
  }

  of(id: number): Attribution {
    const known = this.#found.get(id);
    if (known) return known;
    const found = this.#find(id);
    this.#found.set(id, found);
    return found;
  }

  #find(id: number): Attribution {
    const frames = this.#framesFrom(id);
    const known = frames.flatMap((frame) => this.#placeOf(frame) ?? []);
    const own = known[0] ?? nativePlace(frames);
    const caller = own.room === SHARED ? (known.find(({ room }) => room !== SHARED) ?? own) : own;
    return { own, caller };
  }

  /** Innermost first. */
  #framesFrom(id: number): CallFrame[] {
    const frames: CallFrame[] = [];
    for (let at: number | undefined = id; at !== undefined; at = this.#parents.get(at)) {
      const node = this.#nodes.get(at);
      if (node) frames.push(node.callFrame);
    }
    return frames;
  }

  /** Undefined for what is nobody's own: natives, and modules of Node. */
  #placeOf({ url, functionName, lineNumber }: CallFrame): Place | undefined {
    const path = url.replace(/^file:\/\//, '');
    const of = (room: string, file: string): Place => ({
      room,
      label: `${functionName || '(anonymous)'} ${file}:${lineNumber + 1}`,
    });
    const inPackages = path.split('/node_modules/').at(-1);
    if (path.includes('/node_modules/') && inPackages !== undefined) return of(packageOf(inPackages), inPackages);
    if (!path.startsWith(this.#root)) return undefined;
    const file = path.slice(this.#root.length);
    return of(roomOf(file), file);
  }
}

/** `src/pipeline/cache/key/x.ts` is `pipeline/cache`; files of the source's own folder are the rooms' joints. */
function roomOf(file: string): string {
  const [top = '', ...rest] = file.split('/');
  if (top !== 'src') return top;
  const folders = rest.slice(0, -1);
  if (folders.length === 0) return 'app';
  if (folders[0] === SHARED) return SHARED;
  return folders.slice(0, 2).join('/');
}

function packageOf(file: string): string {
  const [scope = '', name = ''] = file.split('/');
  return scope.startsWith('@') ? `${scope}/${name}` : scope;
}

/** Nothing of ours is above: garbage collection, the program, idleness, or what Node does by itself. */
function nativePlace(frames: readonly CallFrame[]): Place {
  const [innermost] = frames;
  const name = innermost?.functionName ?? '';
  if (name.startsWith('(') && innermost?.url === '') return { room: name, label: name };
  const urls = frames.map(({ url }) => url);
  const room = NODE_ROOMS.find(([pattern]) => urls.some((url) => pattern.test(url)))?.[1] ?? NATIVES;
  const url = innermost?.url === '' ? 'native' : (innermost?.url ?? '');
  return { room, label: `${name || '(anonymous)'} ${url}` };
}
