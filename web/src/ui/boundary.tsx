import { Component } from "react";

interface BoundaryProps {
  /** What stands in its place when the content breaks. */
  fallback: React.ReactNode;
  children: React.ReactNode;
}

/** Keeps a broken part from taking the page with it. */
export class Boundary extends Component<BoundaryProps, { broken: boolean }> {
  override state: { broken: boolean } = { broken: false };

  static getDerivedStateFromError(): { broken: boolean } {
    return { broken: true };
  }

  override render(): React.ReactNode {
    return this.state.broken ? this.props.fallback : this.props.children;
  }
}
