// Pictures for the documentation: what a terminal shows as HTML, and small PNG files.

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { installed, repository } from './paths.ts';

const FOREGROUND = '#d7dae0';
const BACKGROUND = '#1e2127';

/** The sixteen colours of a terminal, dark ones first. */
const COLOURS = ['#1e2127', '#e06c75', '#98c379', '#e5c07b', '#61afef', '#c678dd', '#56b6c2', '#abb2bf',
  '#5c6370', '#e06c75', '#98c379', '#e5c07b', '#61afef', '#c678dd', '#56b6c2', '#ffffff'];

interface Style {
  colour?: string | undefined;
  background?: string | undefined;
  bold?: boolean;
  faint?: boolean;
  italic?: boolean;
  underline?: string | undefined;
  underlineColour?: string | undefined;
  reverse?: boolean;
}

/** Takes a picture of a page, or of a part of it, into `docs/images`, with at most 128 colours. */
export async function takePicture(page: Page, name: string, part = 'body'): Promise<void> {
  const path = join(repository, 'docs', 'images', `${name}.png`);
  await page.locator(part).first().screenshot({ path, animations: 'disabled' });
  execFileSync('pngquant', ['--force', '--skip-if-larger', '--speed', '1', '--output', path, '128', path]);
}

/** Takes a picture of a screen with its escape sequences, as `Terminal.colouredScreen` gives it. */
export async function takeScreen(screen: string, name: string): Promise<void> {
  const browser = await chromium.launch({ executablePath: installed('vscode', 'bin', 'chromium'), args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 }, deviceScaleFactor: 2 });
    await page.setContent(`<style>
      body { margin: 0 }
      pre { display: inline-block; margin: 0; padding: 12px; border-radius: 8px; line-height: 1.25;
            font: 14px 'DejaVu Sans Mono', monospace; color: ${FOREGROUND}; background: ${BACKGROUND} }
    </style><pre>${screenAsHtml(screen.trimEnd())}</pre>`);
    // The rim in the colour of the editor, which is that of its first character.
    await page.$eval('pre', pre => (pre.style.background = pre.querySelector('span')?.style.backgroundColor ?? ''));
    await takePicture(page, name, 'pre');
  } finally {
    await browser.close();
  }
}

function screenAsHtml(screen: string): string {
  let style: Style = {};
  let html = '';
  for (const [, codes, text] of screen.matchAll(/\x1b\[([\d;:]*)m|([^\x1b]+)|\x1b[^m]*?[\x07\\]/g)) {
    if (codes !== undefined) style = restyled(style, codes);
    else if (text !== undefined) html += `<span style="${css(style)}">${escaped(text)}</span>`;
  }
  return html;
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** Applies one "select graphic rendition" sequence (ECMA-48, with the colours of xterm and the underlines of kitty). */
function restyled(style: Style, codes: string): Style {
  const next = { ...style };
  const parts = codes.split(';');
  for (let at = 0; at < parts.length; at++) {
    const [code = '', ...details] = (parts[at] ?? '').split(':');
    const number = Number(code);
    const colour = (): string | undefined => {
      const rest = details.length > 0 ? details.filter(part => part !== '') : parts.slice(at + 1);
      if (details.length === 0) at += rest[0] === '5' ? 2 : 4;
      return rest[0] === '5' ? indexed(Number(rest[1])) : `rgb(${rest.slice(1, 4).join(',')})`;
    };
    if (number === 0) return restyled({}, parts.slice(at + 1).join(';') || '-1');
    else if (number === 1) next.bold = true;
    else if (number === 2) next.faint = true;
    else if (number === 3) next.italic = true;
    else if (number === 4) next.underline = details[0] === '0' ? undefined : details[0] === '3' ? 'wavy' : 'solid';
    else if (number === 7) next.reverse = true;
    else if (number === 22) next.bold = next.faint = false;
    else if (number === 23) next.italic = false;
    else if (number === 24) next.underline = undefined;
    else if (number === 27) next.reverse = false;
    else if (number === 38) next.colour = colour();
    else if (number === 39) next.colour = undefined;
    else if (number === 48) next.background = colour();
    else if (number === 49) next.background = undefined;
    else if (number === 58) next.underlineColour = colour();
    else if (number === 59) next.underlineColour = undefined;
    else if (number >= 30 && number < 38) next.colour = COLOURS[number - 30];
    else if (number >= 40 && number < 48) next.background = COLOURS[number - 40];
    else if (number >= 90 && number < 98) next.colour = COLOURS[number - 82];
    else if (number >= 100 && number < 108) next.background = COLOURS[number - 92];
  }
  return next;
}

/** One of xterm's 256 colours. */
function indexed(index: number): string | undefined {
  if (index < 16) return COLOURS[index];
  if (index >= 232) return `rgb(${Array(3).fill(8 + (index - 232) * 10).join(',')})`;
  const level = (step: number): number => (step === 0 ? 0 : 55 + step * 40);
  const cube = index - 16;
  return `rgb(${level(Math.floor(cube / 36))},${level(Math.floor(cube / 6) % 6)},${level(cube % 6)})`;
}

function css(style: Style): string {
  let [colour, background] = [style.colour, style.background];
  if (style.reverse) [colour, background] = [background ?? BACKGROUND, colour ?? FOREGROUND];
  const rules = [];
  if (colour) rules.push(`color:${colour}`);
  if (background) rules.push(`background:${background}`);
  if (style.bold) rules.push('font-weight:bold');
  if (style.faint) rules.push('opacity:.6');
  if (style.italic) rules.push('font-style:italic');
  if (style.underline) rules.push(`text-decoration:underline ${style.underline} ${style.underlineColour ?? ''}`);
  return rules.join(';');
}
