// Runs functions that a test sends, with the whole `vscode` API. It listens on a socket, one for each extension host, in the
// folder that the environment names, and does nothing without it.

const vscode = require('vscode');
const http = require('node:http');
const path = require('node:path');

exports.activate = context => {
  const folder = process.env.VAULTLS_TEST_HOSTS;
  if (!folder) return;
  const server = http.createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
    response.end(JSON.stringify(await run(JSON.parse(body))));
  });
  server.listen(path.join(folder, `${process.pid}.socket`));
  context.subscriptions.push({ dispose: () => server.close() });
};

async function run({ source, args }) {
  try {
    return { value: await new Function(`return (${source})`)()(vscode, ...args) };
  } catch (error) {
    return { error: String(error?.stack ?? error) };
  }
}
