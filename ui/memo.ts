/**
 * Components that a token does not reach (T5).
 *
 * A vnode that is kept and given again would say the same to Preact, but it refers to the vnodes around it of the time
 * when it was made, those to their elements, and so pages of turns that are long gone would stay in memory.
 */
import { Component, h, type ComponentClass, type FunctionComponent } from 'preact';

/** @returns the component, rendered again only when one of its properties is another one (`Object.is`) */
export function memo<P extends object>(View: FunctionComponent<P>): ComponentClass<P> {
  return class Memo extends Component<P> {
    override shouldComponentUpdate(next: Readonly<P>): boolean {
      return !same<object>(this.props, next);
    }

    render(props: P) {
      return h(View, props);
    }
  };
}

function same<P extends object>(before: P, now: P): boolean {
  const names = Object.keys(now) as (keyof P)[];
  return (
    names.length === Object.keys(before).length &&
    names.every((name) => Object.is(before[name], now[name]))
  );
}
