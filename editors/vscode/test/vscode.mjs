// Stands in for VS Code: every name exists and does nothing, but for what the tests look at.
import Module, { createRequire } from "node:module";

/** A thing that can be read, called and constructed, whatever its name. */
function anything(own = {}) {
  const known = new Map(Object.entries(own));
  return new Proxy(function nothing() {}, {
    get(target, name) {
      if (name === Symbol.toPrimitive) {
        return () => "";
      }
      if (name === "prototype" || typeof name === "symbol" || name === "then") {
        return target[name];
      }
      if (!known.has(name)) {
        known.set(name, anything());
      }
      return known.get(name);
    },
    apply: () => anything(),
    construct: () => anything(),
    has: () => true,
  });
}

class Disposable {
  dispose() {}
  static from() {
    return new Disposable();
  }
}

class EventEmitter {
  listeners = new Set();
  event = (listener) => {
    this.listeners.add(listener);
    return new Disposable();
  };
  fire(value) {
    for (const listener of this.listeners) {
      listener(value);
    }
  }
  dispose() {}
}

class Uri {
  constructor(scheme, path) {
    Object.assign(this, { scheme, path, fsPath: path, authority: "", query: "", fragment: "" });
  }
  static from({ scheme, path }) {
    return new Uri(scheme, path);
  }
  static file(path) {
    return new Uri("file", path);
  }
  static parse(text) {
    const [, scheme, path] = /^([a-z-]+):(?:\/\/)?(.*)$/.exec(text);
    return new Uri(scheme, decodeURIComponent(path));
  }
  toString() {
    return this.scheme === "file" ? `file://${this.path}` : `${this.scheme}:${this.path}`;
  }
}

class Position {
  constructor(line, character) {
    Object.assign(this, { line, character });
  }
}

class Range {
  constructor(startLine, start, endLine, end) {
    this.start = new Position(startLine, start);
    this.end = new Position(endLine, end);
  }
  contains({ line, character }) {
    const after = line > this.start.line || (line === this.start.line && character >= this.start.character);
    const before = line < this.end.line || (line === this.end.line && character <= this.end.character);
    return after && before;
  }
}

/** A VS Code in which nothing is open; `world` is what the tests change and look at. */
export function fresh() {
  const world = {
    trusted: true,
    settings: {},
    commands: new Map(),
    said: [],
    shown: [],
    schemas: undefined,
    diagnostics: [],
    picks: [],
    provider: undefined,
    onTrust: new EventEmitter(),
  };
  const event = () => new Disposable();
  const say = async (text) => void world.said.push(text);
  const getConfiguration = (section) => ({
    get: (name, otherwise) => world.settings[`${section}.${name}`] ?? otherwise,
    has: () => false,
    inspect: () => undefined,
  });
  const workspace = anything({
    get isTrusted() {
      return world.trusted;
    },
    textDocuments: [],
    notebookDocuments: [],
    workspaceFolders: undefined,
    getConfiguration,
    getWorkspaceFolder: () => undefined,
    registerTextDocumentContentProvider(scheme, provider) {
      world.provider = provider;
      return new Disposable();
    },
    openTextDocument: async (uri) => ({ uri, text: world.provider.provideTextDocumentContent(uri) }),
    onDidCloseTextDocument: event,
    onDidGrantWorkspaceTrust: world.onTrust.event,
    createFileSystemWatcher: () => anything(),
  });
  // Getters are lost in a map: trust is asked for again each time.
  const trusting = new Proxy(workspace, {
    get: (target, name) => (name === "isTrusted" ? world.trusted : target[name]),
  });
  // Bundlers copy the names of a module; what it inherits they leave alone.
  const vscode = Object.create(anything({
    workspace: trusting,
    window: anything({
      get activeTextEditor() {
        return undefined;
      },
      showErrorMessage: say,
      showInformationMessage: say,
      showQuickPick: async (all) => (world.picks.push(all), all[0]),
      showInputBox: async ({ value }) => world.typed ?? value,
      showTextDocument: async ({ text, uri }) => void world.shown.push({ name: uri.path, text }),
      createOutputChannel: () => anything(),
    }),
    commands: anything({
      registerCommand(name, run) {
        world.commands.set(name, run);
        return new Disposable();
      },
    }),
    languages: anything({
      getDiagnostics: () => world.diagnostics,
      createDiagnosticCollection: () =>
        anything({ set: (uri, all) => void (world.published = { uri, all }), name: "govctl" }),
      match: () => 1,
    }),
    extensions: anything({
      getExtension: () => ({
        activate: async () => ({
          registerContributor: (...contributor) => void (world.schemas = contributor),
        }),
      }),
    }),
    env: anything({ language: "en", appName: "a test" }),
    version: "1.82.0",
    ViewColumn: { Beside: -2 },
    Disposable,
    EventEmitter,
    Uri,
    Position,
    Range,
  }));
  return { vscode, world };
}

/** Loads a bundle in which `vscode` is what is given. */
export function load(path, vscode) {
  const require = createRequire(import.meta.url);
  const { _load } = Module;
  Module._load = (name, ...rest) => (name === "vscode" ? vscode : _load(name, ...rest));
  try {
    delete require.cache[require.resolve(path)];
    return require(path);
  } finally {
    Module._load = _load;
  }
}
