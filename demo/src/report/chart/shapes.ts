/** One of the few shapes that the charts draw, as the chart library takes it. */
export interface Shape {
  readonly type: 'rect' | 'polygon' | 'polyline' | 'text' | 'circle' | 'group';
  readonly shape?: object;
  readonly style?: object;
  readonly children?: readonly Shape[];
  readonly x?: number;
  readonly y?: number;
  readonly z2?: number;
  readonly silent?: boolean;
}

/** A point on the canvas, in pixels. */
export type Point = readonly [x: number, y: number];

/** The font of all charts: the reader's own. */
export const FONT = 'system-ui, sans-serif';

/** Signs stand over bars. */
const ABOVE = 5;

/** Several shapes as one; what is false or undefined is left out. */
export function group(...shapes: readonly (Shape | false | undefined)[]): Shape {
  return {
    type: 'group',
    children: shapes.filter((shape) => shape !== false && shape !== undefined),
  };
}

export function rect(x: number, y: number, width: number, height: number, style: object): Shape {
  return { type: 'rect', shape: { x, y, width, height }, style };
}

/** A cross, for what failed. */
export function cross([x, y]: Point, radius: number, stroke: string): Shape {
  const arm = (dx: number): Shape => {
    const points = [
      [x - dx, y - radius],
      [x + dx, y + radius],
    ];
    const style = { stroke, lineWidth: 2, fill: 'none' };
    return { type: 'polyline', shape: { points }, style, z2: ABOVE };
  };
  return group(arm(radius), arm(-radius));
}

/** A diamond, for what was slow. */
export function diamond([x, y]: Point, radius: number, fill: string): Shape {
  const points = [
    [x - radius, y],
    [x, y - radius],
    [x + radius, y],
    [x, y + radius],
  ];
  return { type: 'polygon', shape: { points }, style: { fill }, z2: ABOVE };
}

/** A ring, for what Lifeguard closed. */
export function ring([cx, cy]: Point, r: number, stroke: string): Shape {
  const style = { fill: 'none', stroke, lineWidth: 2 };
  return { type: 'circle', shape: { cx, cy, r }, style, z2: ABOVE };
}

/** A dot, for what went well. */
export function disc([cx, cy]: Point, r: number, fill: string): Shape {
  return { type: 'circle', shape: { cx, cy, r }, style: { fill } };
}

/** A filled square, for what the other side ended. */
export function square([x, y]: Point, half: number, fill: string): Shape {
  return { ...rect(x - half, y - half, 2 * half, 2 * half, { fill }), z2: ABOVE };
}

/** Words whose middle is at this height. */
export function text(words: string, x: number, y: number, style: object): Shape {
  return {
    type: 'text',
    x,
    y,
    style: { text: words, fontFamily: FONT, verticalAlign: 'middle', ...style },
    silent: true,
  };
}
