"""What is newly said, applied to cells that stand: one by one, in columns, over many closings."""
