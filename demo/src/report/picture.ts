import { GraphicComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { ORMS } from '../orms.ts';
import type { Results } from '../results/results.ts';
import { LIGHT } from './chart/palette.ts';
import { rect } from './chart/shapes.ts';
import { escapeHtml } from './chart/words.ts';
import { drawPlay, playHeight, WIDTH } from './picture/play.ts';

use([GraphicComponent, SVGRenderer]);

/** Around everything, in pixels. */
const PADDING = 16;

/**
 * Draws the result as a still picture: every query a sign, bare above guarded. It brings its own
 * background, so that it can be read on a light page and on a dark one.
 */
export function drawPicture(plays: readonly Results[]): string {
  let y = PADDING;
  const drawings = plays.map((results) => {
    const drawing = drawPlay(results, PADDING, y);
    y += playHeight(results) + PADDING;
    return drawing;
  });
  const [width, height] = [WIDTH + 2 * PADDING, y];
  const card = rect(0.5, 0.5, width - 1, height - 1, { fill: LIGHT.page, stroke: LIGHT.line });
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  chart.setOption({ animation: false, graphic: { elements: [card, ...drawings] } });
  const svg = chart.renderToSVGString();
  chart.dispose();
  const title = escapeHtml(plays.map(describe).join('. '));
  return `${svg.replace('>', ` role="img"><title>${title}</title>`)}\n`;
}

function describe({ orm, server, sides }: Results): string {
  const failed = (side: 'bare' | 'guarded'): string => {
    const { queries } = sides[side];
    return `${queries.filter(({ fate }) => fate === 'failed').length} of ${queries.length}`;
  };
  return `${ORMS[orm].label} on ${server}: bare, ${failed('bare')} queries failed; guarded, ${failed('guarded')}`;
}
