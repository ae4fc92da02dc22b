// Runs functions that a test sends, with the whole `vscode` API. It listens on a socket, one for each extension host, in the
// folder that the environment names, and does nothing without it.

const vscode = require('vscode');
const http = require('node:http');
const path = require('node:path');

/** When something was first marked in each file: its URI, and milliseconds since 1970. */
const firstMarked = new Map();

exports.activate = context => {
  const folder = process.env.VAULTLS_TEST_HOSTS;
  if (!folder) return;
  const look = uris => {
    for (const uri of uris) {
      const isMarked = vscode.languages.getDiagnostics(uri).length > 0;
      if (isMarked && !firstMarked.has(uri.toString())) firstMarked.set(uri.toString(), Date.now());
    }
  };
  context.subscriptions.push(vscode.languages.onDidChangeDiagnostics(({ uris }) => look(uris)));
  // It starts with the extension under test, before any server can have answered; what is marked already is not lost at least.
  look(vscode.languages.getDiagnostics().map(([uri]) => uri));
  const server = http.createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
    response.end(JSON.stringify(await run(JSON.parse(body))));
  });
  server.listen(path.join(folder, `${process.pid}.socket`));
  context.subscriptions.push({ dispose: () => server.close() });
  return { firstMarked: uri => firstMarked.get(uri) };
};

async function run({ source, args }) {
  try {
    return { value: await new Function(`return (${source})`)()(vscode, ...args) };
  } catch (error) {
    return { error: String(error?.stack ?? error) };
  }
}
