"""Programs as Pykka actors."""
