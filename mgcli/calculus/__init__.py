"""The chain rule on formulas: derivatives, their derivations, Hessians."""
