export class SessionPanels {
  constructor(x: unknown) {}
  render() {
    return x as never;
  }
  updated() {}
  showWarning() {}
  showExtended() {}
  openExtend() {}
  openEnd() {}
  close() {}
}
declare const x: unknown;
